-- Settles open charges from open credits of some leases: both lie end to end as intervals of money, in order; where a
-- credit's interval meets a charge's, that much is allocated. Locks charges, then credits, by id.
-- Without a moment it is that of the lease's latest credit.
WITH charge_row AS MATERIALIZED (
    SELECT id, lease_id, kind, due_on, scope_id, building_id, open FROM charge
    WHERE lease_id = ANY(%(leases)s) AND open > 0 ORDER BY id FOR UPDATE
),
credit_row AS MATERIALIZED (
    SELECT id, lease_id, open, at FROM credit
    WHERE lease_id = ANY(%(leases)s) AND open > 0 ORDER BY id FOR UPDATE
),
charge_span AS (
    SELECT *, sum(open) OVER w - open AS lo, sum(open) OVER w AS hi FROM charge_row
    WINDOW w AS (PARTITION BY lease_id ORDER BY
        CASE WHEN %(kind_first)s THEN array_position(%(kinds)s::varchar[], kind) ELSE 0 END,
        due_on, array_position(%(kinds)s::varchar[], kind), id ROWS UNBOUNDED PRECEDING)
),
credit_span AS (
    SELECT *, sum(open) OVER w - open AS lo, sum(open) OVER w AS hi, max(at) OVER (PARTITION BY lease_id) AS latest
    FROM credit_row
    WINDOW w AS (PARTITION BY lease_id ORDER BY id ROWS UNBOUNDED PRECEDING)
),
match AS (
    SELECT k.id AS credit_id, c.id AS charge_id, c.kind, c.due_on, c.scope_id, c.building_id,
           least(c.hi, k.hi) - greatest(c.lo, k.lo) AS amount, coalesce(%(at)s, k.latest) AS at
    FROM charge_span c JOIN credit_span k ON k.lease_id = c.lease_id AND k.lo < c.hi AND c.lo < k.hi
),
taken AS (
    UPDATE charge SET open = charge.open - m.amount
    FROM (SELECT charge_id, sum(amount) AS amount FROM match GROUP BY charge_id) m WHERE charge.id = m.charge_id
),
used AS (
    UPDATE credit SET open = credit.open - m.amount
    FROM (SELECT credit_id, sum(amount) AS amount FROM match GROUP BY credit_id) m WHERE credit.id = m.credit_id
),
month_sum AS (
    INSERT INTO billing_month AS b (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), 0, sum(amount)
    FROM match WHERE kind <> 'deposit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET settled = b.settled + excluded.settled
)
INSERT INTO allocation (credit_id, charge_id, amount, at)
SELECT credit_id, charge_id, amount, at FROM match
RETURNING credit_id, charge_id, amount
