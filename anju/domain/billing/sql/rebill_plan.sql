-- For some leases whose terms or end changed: where do the billed periods differ from what the terms now say?
-- One row per line that differs: charge_id to reverse (or null), amount to charge anew (or null).
WITH term AS (
    SELECT l.id, l.start_on, l.holds_until, l.anchor_on, l.current_version_id, v.proration, v.deposit
    FROM lease l JOIN lease_version v ON v.id = l.current_version_id WHERE l.id = ANY(%(leases)s)
),
billed AS (
    SELECT t.*, b.id AS bill_id, b.period_from, least(b.period_to, t.holds_until) AS period_to, b.due_on, b.scope_id
    FROM term t JOIN bill b ON b.lease_id = t.id
),
wanted AS (
    SELECT b.id AS lease_id, b.bill_id, b.period_from, b.period_to, b.due_on, b.scope_id, line.*
    FROM billed b
    CROSS JOIN LATERAL billing_lines(b.current_version_id, b.anchor_on, b.period_from, b.period_to, b.proration,
                                     b.period_from = b.start_on, b.deposit) line
    WHERE b.period_from < b.period_to AND line.amount > 0
),
have AS (
    SELECT c.id, c.lease_id, c.bill_id, c.period_from, c.kind, c.source, c.amount, c.revision, c.building_id
    FROM charge c JOIN billed b ON b.bill_id = c.bill_id
    WHERE c.amount > 0 AND (c.source = 'schedule' OR c.source ^@ 'fee:')
      AND NOT EXISTS (SELECT FROM charge r WHERE r.reverses_id = c.id)
),
last AS (
    SELECT lease_id, kind, period_from, source, max(revision) AS revision FROM charge
    WHERE lease_id = ANY(%(leases)s) AND amount > 0 GROUP BY 1, 2, 3, 4
)
SELECT coalesce(w.lease_id, h.lease_id) AS lease_id, h.id AS charge_id, w.bill_id, w.scope_id, w.kind, w.name, w.source,
       w.period_from, w.period_to, w.due_on, w.amount, coalesce(x.revision + 1, 0) AS revision
FROM wanted w
FULL JOIN have h ON h.bill_id = w.bill_id AND h.kind = w.kind AND h.source = w.source
LEFT JOIN last x ON x.lease_id = w.lease_id AND x.kind = w.kind AND x.period_from = w.period_from AND x.source = w.source
WHERE w.amount IS DISTINCT FROM h.amount
