-- What the search index holds of leases: each with its units and its people with the blind indexes of their phones.
SELECT l.id, l.number, l.scope_id, l.payer_id, pr.name AS project, units.list AS units, people.list AS people
FROM lease l
JOIN project pr ON pr.id = l.scope_id
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object('id', u.id, 'code', u.code) ORDER BY u.code), '[]') AS list
    FROM unit u WHERE u.id IN (SELECT unit_id FROM lease_unit lu WHERE lu.lease_id = l.id)
) units
CROSS JOIN LATERAL (
    SELECT coalesce(json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'phone_tail', p.phone_tail, 'scope_id', p.scope_id,
        'blinds', c.blinds, 'tails', c.tails) ORDER BY p.id), '[]') AS list
    FROM person p
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(encode(blind, 'hex')), '{}') AS blinds,
               coalesce(array_agg(DISTINCT encode(tail_blind, 'hex')), '{}') AS tails
        FROM contact_point cp WHERE cp.person_id = p.id AND cp.kind = 'phone'
    ) c
    WHERE p.id IN (SELECT person_id FROM lease_party lp WHERE lp.lease_id = l.id)
) people
WHERE l.id = ANY(%(leases)s)
ORDER BY l.start_on, l.id
