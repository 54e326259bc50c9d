-- What the search index holds of leases: each with its units and its people with the blind indexes of their phones.
-- Sets are made once and joined, so that a fresh table without statistics is no slower than an old one.
WITH asked AS MATERIALIZED (
    SELECT id, number, scope_id, payer_id, start_on FROM lease WHERE id = ANY(%(leases)s)
),
place AS MATERIALIZED (
    SELECT lu.lease_id, json_agg(json_build_object('id', u.id, 'code', u.code) ORDER BY u.code) AS list
    FROM (SELECT DISTINCT lease_id, unit_id FROM lease_unit WHERE lease_id = ANY(%(leases)s)) lu
    JOIN unit u ON u.id = lu.unit_id
    GROUP BY lu.lease_id
),
part AS MATERIALIZED (
    SELECT DISTINCT lease_id, person_id FROM lease_party WHERE lease_id = ANY(%(leases)s)
),
phone AS MATERIALIZED (
    SELECT person_id, array_agg(encode(blind, 'hex')) AS blinds, array_agg(DISTINCT encode(tail_blind, 'hex')) AS tails
    FROM contact_point WHERE kind = 'phone' AND person_id IN (SELECT person_id FROM part)
    GROUP BY person_id
),
people AS MATERIALIZED (
    SELECT part.lease_id, json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'phone_tail', p.phone_tail, 'scope_id', p.scope_id,
        'blinds', coalesce(phone.blinds, '{}'), 'tails', coalesce(phone.tails, '{}')) ORDER BY p.id) AS list
    FROM part JOIN person p ON p.id = part.person_id LEFT JOIN phone ON phone.person_id = p.id
    GROUP BY part.lease_id
)
SELECT l.id, l.number, l.scope_id, l.payer_id, pr.name AS project, coalesce(place.list, '[]') AS units, people.list AS people
FROM asked l
JOIN project pr ON pr.id = l.scope_id
JOIN people ON people.lease_id = l.id
LEFT JOIN place ON place.lease_id = l.id
ORDER BY l.start_on, l.id
