"""The columns that say whose money a row is about: room, tenant, handle."""

# For rows with an alias ``l`` for the lease. The room is what was let, the first of several.
WHO_COLUMNS = """
l.id AS lease_id, l.number AS lease, p.id AS person_id, p.name, p.phone_tail, l.scope_id, pr.name AS project,
place.room, place.building"""

WHO_JOINS = """
JOIN person p ON p.id = l.payer_id
LEFT JOIN project pr ON pr.id = l.scope_id
LEFT JOIN LATERAL (
    SELECT u.code AS room, b.name AS building FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
    JOIN building b ON b.id = u.building_id WHERE lu.lease_id = l.id ORDER BY lu.id LIMIT 1
) place ON true"""
