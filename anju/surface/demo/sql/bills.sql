-- Every bill that the sweeps would have made for some new leases by now, by the sweep's own plan; only the day of issue
-- is told from the lease's signing and the policy's days instead of from the run's day.
WITH plan AS MATERIALIZED ({plan}),
new_bill AS (
    INSERT INTO bill (lease_id, scope_id, number, period_from, period_to, due_on, issued_on)
    SELECT DISTINCT p.subject_id, p.scope_id, 'F' || p.number || '-' || to_char(p.period_from, 'YYMMDD'),
           p.period_from, p.period_to, p.due_on, greatest(l.signed_on, p.due_on - %(lead)s::int)
    FROM plan p JOIN lease l ON l.id = p.subject_id WHERE p.code = 'billed'
    RETURNING id, lease_id, period_from, issued_on
),
new_charge AS (
    INSERT INTO charge (lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on,
                        amount, open, source, revision)
    SELECT p.subject_id, b.id, p.scope_id, a.building_id, p.kind, p.name, p.period_from, p.period_to, p.due_on,
           b.issued_on, p.amount, p.amount, p.source, 0
    FROM plan p
    JOIN new_bill b ON b.lease_id = p.subject_id AND b.period_from = p.period_from
    LEFT JOIN lease_account a ON a.lease_id = p.subject_id
    WHERE p.code = 'billed' ORDER BY b.id
    RETURNING due_on, scope_id, building_id, kind, amount
),
month_sum AS (
    INSERT INTO billing_month AS m (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), sum(amount), 0
    FROM new_charge WHERE kind <> 'deposit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET due = m.due + excluded.due
),
caught_up AS (
    DELETE FROM billing_backlog WHERE lease_id BETWEEN %(lo)s AND %(hi)s
)
SELECT (SELECT count(*) FROM new_bill) AS bills, (SELECT count(*) FROM new_charge) AS charges
