-- Posts payments in one call: payments and their credits, once per source, then the allocation by the rule of the day it is
-- posted (money of years ago, brought in by an import, came before any rule). A known source gives no row. A function, so that
-- its statements are planned once a connection, not once a payment.
CREATE FUNCTION billing_post_payments(p_rows jsonb, p_at timestamptz, p_now timestamptz)
RETURNS TABLE (payment_id bigint, lease_id bigint, method varchar, amount numeric, charges bigint[], settled numeric[])
LANGUAGE plpgsql SET search_path = public AS $$
#variable_conflict use_column
DECLARE v_payments bigint[]; v_credits bigint[]; v_leases bigint[]; v_rule record;
BEGIN
    WITH new_payment AS (
        INSERT INTO payment (id, number, lease_id, payer_id, scope_id, method, amount, received_at, source)
        SELECT n, 'P' || n, l.id, coalesce(r.payer_id, l.payer_id), l.scope_id, r.method, r.amount, r.received_at, r.source
        FROM (SELECT *, nextval('payment_id_seq') AS n
              FROM jsonb_to_recordset(p_rows)
                  AS r(lease_id bigint, payer_id bigint, method text, amount numeric, received_at timestamptz, source text)
        ) r JOIN lease l ON l.id = r.lease_id
        ON CONFLICT (org_id, source) DO NOTHING
        RETURNING id, lease_id, amount, received_at
    ),
    new_credit AS (
        INSERT INTO credit (lease_id, kind, payment_id, amount, open, at)
        SELECT lease_id, 'payment', id, amount, amount, received_at FROM new_payment ORDER BY id
        RETURNING id, payment_id, lease_id
    )
    SELECT array_agg(payment_id ORDER BY payment_id), array_agg(id ORDER BY payment_id), array_agg(lease_id ORDER BY payment_id)
    INTO v_payments, v_credits, v_leases FROM new_credit;
    IF v_payments IS NULL THEN
        RETURN;
    END IF;
    SELECT * INTO v_rule FROM billing_rule(p_now);
    RETURN QUERY
    WITH done AS MATERIALIZED (
        SELECT * FROM billing_allocate(v_leases, p_at, v_rule.kinds, v_rule.kind_first)
    )
    SELECT p.id, p.lease_id, p.method, p.amount,
           ARRAY(SELECT d.charge_id FROM done d WHERE d.credit_id = m.credit ORDER BY d.charge_id),
           ARRAY(SELECT d.amount FROM done d WHERE d.credit_id = m.credit ORDER BY d.charge_id)
    FROM unnest(v_payments, v_credits) AS m(payment, credit) JOIN payment p ON p.id = m.payment ORDER BY p.id;
END $$;
