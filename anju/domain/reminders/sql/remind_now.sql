-- A reminder by hand for the oldest open bill of some leases: one row each, with the reason where nothing can be sent.
SELECT o.bill_id AS subject_id, o.lease_id, o.amount, o.due_on, l.number AS lease, p.id AS to_person, p.name, p.phone_tail,
       l.scope_id, place.room,
       CASE WHEN known.id IS NOT NULL THEN 'already_today' WHEN phone.id IS NULL AND NOT %(inapp)s THEN 'no_contact'
            ELSE 'send' END AS code,
       CASE WHEN phone.id IS NOT NULL THEN 'sms' ELSE 'inapp' END AS channel, phone.id AS contact_id,
       'remind-now:' || o.bill_id || ':' || %(today)s AS dedupe,
       jsonb_build_object('amount', o.amount, 'due', o.due_on, 'room', coalesce(place.room, ''),
                          'period', bill_months(o.period_from, o.period_to),
                          'days', abs(%(today)s::date - o.due_on)) AS vars
FROM (
    SELECT DISTINCT ON (b.lease_id) b.lease_id, b.id AS bill_id, b.due_on, b.period_from, b.period_to,
           (SELECT sum(open) FROM charge WHERE bill_id = b.id) AS amount
    FROM bill b WHERE b.lease_id = ANY(%(leases)s) AND EXISTS (SELECT FROM charge WHERE bill_id = b.id AND open > 0)
    ORDER BY b.lease_id, b.due_on, b.id
) o
JOIN lease l ON l.id = o.lease_id
JOIN person p ON p.id = l.payer_id
LEFT JOIN contact_point phone
    ON phone.person_id = p.id AND phone.kind = 'phone' AND phone.preferred AND phone.stale_since IS NULL
LEFT JOIN LATERAL (SELECT u.code AS room FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
                   WHERE lu.lease_id = l.id ORDER BY lu.id LIMIT 1) place ON true
LEFT JOIN message known ON known.dedupe = 'remind-now:' || o.bill_id || ':' || %(today)s
WHERE (%(scopes)s::bigint[] IS NULL OR l.scope_id = ANY(%(scopes)s::bigint[]))
ORDER BY o.amount DESC, o.lease_id
