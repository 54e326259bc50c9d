-- Payments and their credits, once per source; a known source returns no row.
WITH new_payment AS (
    INSERT INTO payment (id, number, lease_id, payer_id, scope_id, method, amount, received_at, source)
    SELECT n, 'P' || n, l.id, coalesce(r.payer_id, l.payer_id), l.scope_id, r.method, r.amount, r.received_at, r.source
    FROM (SELECT *, nextval(pg_get_serial_sequence('payment', 'id')) AS n
          FROM jsonb_to_recordset(%(rows)s::jsonb)
              AS r(lease_id bigint, payer_id bigint, method text, amount numeric, received_at timestamptz, source text)
    ) r JOIN lease l ON l.id = r.lease_id
    ON CONFLICT (org_id, source) DO NOTHING
    RETURNING id, number, lease_id, method, amount, received_at, source
),
new_credit AS (
    INSERT INTO credit (lease_id, kind, payment_id, amount, open, at)
    SELECT lease_id, 'payment', id, amount, amount, received_at FROM new_payment ORDER BY id
    RETURNING id, payment_id
)
SELECT p.id AS payment_id, p.number, p.lease_id, p.method, p.amount, p.source, k.id AS credit_id
FROM new_payment p JOIN new_credit k ON k.payment_id = p.id ORDER BY p.id
