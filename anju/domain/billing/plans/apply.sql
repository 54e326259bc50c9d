-- A bill's id is drawn before its rows are written, so that charges need no look-up of the bill just made: joined to rows
-- without statistics, a month of a large company would take minutes.
numbered AS MATERIALIZED (
    SELECT p.*, row_number() OVER (PARTITION BY p.subject_id, p.period_from ORDER BY p.kind, p.name, p.source) AS line
    FROM plan p WHERE p.code = 'billed'
),
billed AS MATERIALIZED (
    SELECT n.*, max(CASE WHEN n.line = 1 THEN nextval('bill_id_seq') END)
                    OVER (PARTITION BY n.subject_id, n.period_from) AS bill_id
    FROM numbered n
),
new_bill AS (
    INSERT INTO bill (id, lease_id, scope_id, number, period_from, period_to, due_on, issued_on, run_id)
    SELECT bill_id, subject_id, scope_id, 'F' || number || '-' || to_char(period_from, 'YYMMDD'),
           period_from, period_to, due_on, %(as_of)s::date, %(run_id)s
    FROM billed WHERE line = 1
    RETURNING id
),
new_charge AS (
    INSERT INTO charge (lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on,
                        amount, open, source, revision, run_id)
    SELECT subject_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on,
           %(as_of)s::date, amount, amount, source, 0, %(run_id)s
    FROM billed
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
-- What was written is what was planned, or nothing is decided and the run fails.
whole AS (
    SELECT (SELECT count(*) FROM new_bill) = (SELECT count(*) FROM billed WHERE line = 1)
           AND (SELECT count(*) FROM new_charge) = (SELECT count(*) FROM billed) AS holds
),
decided AS (
    SELECT subject_id, 'billed' AS code, max(bill_id) AS effect_id, NULL::text AS detail
    FROM billed WHERE (SELECT holds FROM whole) GROUP BY subject_id
    UNION ALL
    SELECT subject_id, max(code), NULL, NULL FROM plan GROUP BY subject_id HAVING NOT bool_or(code = 'billed')
)
