-- Leases with who pays, where, and the rent of the day; the page is cut first, what is shown is joined to it.
WITH page AS (
    SELECT l.* FROM lease l WHERE {conditions} ORDER BY l.id DESC LIMIT {limit}
)
SELECT l.id, l.number, l.status, l.scope_id,
       (SELECT pr.name FROM project pr WHERE pr.id = l.scope_id) AS project, l.payer_id, p.name AS payer, p.phone_tail, p.phone_mask,
       l.start_on, l.end_on, l.actual_end_on, l.holds_until, l.signed_on, l.cycle_months, l.due_offset_days, l.bill_day,
       l.auto_renew, l.rev, l.current_version_id, l.created_at, v.n AS version, v.deposit, rate.monthly,
       coalesce(place.codes, '{{}}') AS units, coalesce(place.ids, '{{}}') AS unit_ids
FROM page l
JOIN person p ON p.id = l.payer_id
LEFT JOIN lease_version v ON v.id = l.current_version_id
LEFT JOIN LATERAL (
    SELECT r.monthly FROM lease_rate r
    WHERE r.version_id = l.current_version_id AND r.to_on > %(as_of)s::date ORDER BY r.to_on LIMIT 1
) rate ON true
LEFT JOIN LATERAL (
    SELECT array_agg(u.code ORDER BY u.code) AS codes, array_agg(u.id ORDER BY u.code) AS ids
    FROM unit u WHERE u.id IN (SELECT unit_id FROM lease_unit lu WHERE lu.lease_id = l.id)
) place ON true
ORDER BY l.id DESC
