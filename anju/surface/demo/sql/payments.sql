-- Whole bills paid, most of them before the due day; who pays when is told from the bill's number and the seed.
WITH owed AS (
    SELECT b.id, b.number, b.lease_id, b.due_on, b.issued_on, b.scope_id, l.payer_id,
           (SELECT sum(c.amount) FROM charge c WHERE c.bill_id = b.id) AS amount,
           abs(hashtextextended(b.number, %(seed)s)) AS dice
    FROM bill b JOIN lease l ON l.id = b.lease_id WHERE b.lease_id BETWEEN %(lo)s AND %(hi)s
),
planned AS (
    SELECT *, greatest(issued_on, due_on + (CASE
               WHEN dice %% 1000 < 800 THEN -1 - dice / 1000 %% 7
               WHEN dice %% 1000 < 940 THEN 0
               WHEN dice %% 1000 < 980 THEN 1 + dice / 1000 %% 3
               WHEN dice %% 1000 < 992 THEN 4 + dice / 1000 %% 4
               WHEN dice %% 1000 < 997 THEN 8 + dice / 1000 %% 22
               ELSE 1000 END)::int) AS paid_on
    FROM owed
),
paid AS (
    SELECT *, nextval(pg_get_serial_sequence('payment', 'id')) AS payment_id,
           (paid_on + make_interval(hours => 8 + (dice / 7 %% 14)::int, mins => (dice / 97 %% 60)::int))
               AT TIME ZONE 'Asia/Shanghai' AS at,
           (ARRAY['wechat', 'wechat', 'wechat', 'alipay', 'alipay', 'bank'])[1 + dice / 11 %% 6] AS method
    FROM planned WHERE paid_on < %(today)s::date ORDER BY paid_on, id
),
new_payment AS (
    INSERT INTO payment (id, number, lease_id, payer_id, scope_id, method, amount, received_at, source)
    SELECT payment_id, 'P' || payment_id, lease_id, payer_id, scope_id, method, amount, at, method || ':' || number
    FROM paid
    RETURNING id
),
new_credit AS (
    INSERT INTO credit (lease_id, kind, payment_id, amount, open, at)
    SELECT lease_id, 'payment', payment_id, amount, 0, at FROM paid
    RETURNING id, payment_id
),
settled AS (
    UPDATE charge SET open = 0 FROM paid WHERE charge.bill_id = paid.id
    RETURNING charge.id, paid.payment_id, paid.at, charge.amount, charge.kind, charge.due_on, charge.scope_id,
              charge.building_id
),
new_allocation AS (
    INSERT INTO allocation (credit_id, charge_id, amount, at)
    SELECT k.id, s.id, s.amount, s.at FROM settled s JOIN new_credit k ON k.payment_id = s.payment_id
),
month_sum AS (
    INSERT INTO billing_month AS b (month, scope_id, building_id, due, settled)
    SELECT date_trunc('month', due_on)::date, scope_id, coalesce(building_id, 0), 0, sum(amount)
    FROM settled WHERE kind <> 'deposit' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET settled = b.settled + excluded.settled
)
SELECT count(*) AS payments FROM new_payment
