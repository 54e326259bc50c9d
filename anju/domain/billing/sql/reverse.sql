-- Reverses charges by adding: a negative charge each, and a credit that first settles what was open of the original; what had
-- been paid becomes open credit.
WITH original AS MATERIALIZED (
    SELECT c.* FROM charge c
    WHERE c.id = ANY(%(charges)s) AND c.amount > 0
      AND NOT EXISTS (SELECT FROM charge r WHERE r.reverses_id = c.id)
    ORDER BY c.id FOR UPDATE
),
negative AS (
    INSERT INTO charge (lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, issued_on,
                        amount, open, source, revision, reverses_id)
    SELECT lease_id, bill_id, scope_id, building_id, kind, name, period_from, period_to, due_on, %(today)s,
           -amount, 0, 'reversal:' || id, revision, id FROM original
    RETURNING id
),
new_credit AS (
    INSERT INTO credit (lease_id, kind, charge_id, amount, open, at)
    SELECT lease_id, 'reversal', id, amount, amount - open, %(at)s FROM original
    RETURNING id, charge_id
),
settled AS (
    INSERT INTO allocation (credit_id, charge_id, amount, at)
    SELECT k.id, o.id, o.open, %(at)s FROM original o JOIN new_credit k ON k.charge_id = o.id WHERE o.open > 0
),
closed AS (
    UPDATE charge SET open = 0 FROM original o WHERE charge.id = o.id AND o.open > 0
),
month_sum AS (
    INSERT INTO billing_month AS b (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), -sum(amount), sum(open) - sum(amount)
    FROM original WHERE kind <> 'deposit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, month, scope_id, building_id)
    DO UPDATE SET due = b.due + excluded.due, settled = b.settled + excluded.settled
)
SELECT id AS charge_id, lease_id, amount FROM original
