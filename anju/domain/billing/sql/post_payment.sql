-- A payment and its credit, once per source; returns nothing when the source is known already.
WITH new_payment AS (
    INSERT INTO payment (id, number, lease_id, payer_id, scope_id, method, amount, received_at, source)
    SELECT n, 'P' || n, l.id, coalesce(%(payer)s, l.payer_id), l.scope_id, %(method)s, %(amount)s, %(at)s, %(source)s
    FROM lease l, (SELECT nextval(pg_get_serial_sequence('payment', 'id')) AS n) s WHERE l.id = %(lease)s
    ON CONFLICT (org_id, source) DO NOTHING
    RETURNING id, number, lease_id
),
new_credit AS (
    INSERT INTO credit (lease_id, kind, payment_id, amount, open, at)
    SELECT lease_id, 'payment', id, %(amount)s, %(amount)s, %(at)s FROM new_payment
    RETURNING id, payment_id
)
SELECT p.id AS payment_id, p.number, k.id AS credit_id FROM new_payment p JOIN new_credit k ON k.payment_id = p.id
