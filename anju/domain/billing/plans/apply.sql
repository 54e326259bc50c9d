new_bill AS (
    INSERT INTO bill (lease_id, scope_id, number, period_from, period_to, due_on, issued_on, run_id)
    SELECT DISTINCT subject_id, scope_id, 'F' || number || '-' || to_char(period_from, 'YYMMDD'),
           period_from, period_to, due_on, %(as_of)s::date, %(run_id)s
    FROM plan WHERE code = 'billed'
    ON CONFLICT (org_id, lease_id, period_from) DO NOTHING
    RETURNING id, lease_id, period_from
),
new_charge AS (
    INSERT INTO charge (lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on,
                        amount, open, source, revision, run_id)
    SELECT p.subject_id, b.id, p.scope_id, a.building_id, p.kind, p.name, p.period_from, p.period_to, p.due_on,
           %(as_of)s::date, p.amount, p.amount, p.source, 0, %(run_id)s
    FROM plan p
    JOIN new_bill b ON b.lease_id = p.subject_id AND b.period_from = p.period_from
    LEFT JOIN lease_account a ON a.lease_id = p.subject_id
    WHERE p.code = 'billed'
    RETURNING due_on, scope_id, building_id, kind, amount
),
month_sum AS (
    INSERT INTO billing_month AS m (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), sum(amount), 0
    FROM new_charge WHERE kind <> 'deposit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET due = m.due + excluded.due
),
caught_up AS (
    DELETE FROM billing_backlog WHERE lease_id IN (SELECT subject_id FROM plan)
),
decided AS (
    SELECT s.subject_id,
           CASE WHEN b.id IS NOT NULL THEN 'billed'
                WHEN s.billed THEN 'already_billed' ELSE s.otherwise END AS code,
           b.id AS effect_id,
           NULL::text AS detail
    FROM (
        SELECT subject_id, bool_or(code = 'billed') AS billed,
               max(code) FILTER (WHERE code <> 'billed') AS otherwise
        FROM plan GROUP BY subject_id
    ) s
    LEFT JOIN (SELECT lease_id, max(id) AS id FROM new_bill GROUP BY lease_id) b ON b.lease_id = s.subject_id
)
