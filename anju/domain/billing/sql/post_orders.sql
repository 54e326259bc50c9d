-- Posts paid orders for leases or bills in one call: payments, credits, allocation, kept sums, trace. The same as the action
-- billing.payment.record, which posts by the same billing_allocate; called by payment_callbacks.
CREATE FUNCTION billing_post_orders(
    p_orders payment_order[], p_received timestamptz, p_now timestamptz, p_wall timestamptz
) RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
    v_leases bigint[]; v_payments bigint[]; v_credits bigint[]; v_amounts numeric[]; v_methods varchar[]; v_rule record;
BEGIN
    WITH o AS MATERIALIZED (
        SELECT nextval('payment_id_seq') AS payment, u.id, u.gateway, u.amount,
               coalesce(p_received, u.paid_at) AS received,
               CASE u.subject_kind WHEN 'bill' THEN b.lease_id ELSE u.subject_id END AS lease
        FROM unnest(p_orders) u LEFT JOIN bill b ON u.subject_kind = 'bill' AND b.id = u.subject_id
    ), new_payment AS (
        INSERT INTO payment (id, number, lease_id, payer_id, scope_id, method, amount, received_at, source)
        SELECT o.payment, 'P' || o.payment, l.id, l.payer_id, l.scope_id, o.gateway, o.amount, o.received, 'order:' || o.id
        FROM o JOIN lease l ON l.id = o.lease
        RETURNING id, lease_id, amount, method, received_at
    ), new_credit AS (
        INSERT INTO credit (lease_id, kind, payment_id, amount, open, at)
        SELECT lease_id, 'payment', id, amount, amount, received_at FROM new_payment ORDER BY id
        RETURNING id, payment_id
    )
    SELECT array_agg(p.lease_id ORDER BY p.id), array_agg(p.id ORDER BY p.id), array_agg(k.id ORDER BY p.id),
           array_agg(p.amount ORDER BY p.id), array_agg(p.method ORDER BY p.id)
    INTO v_leases, v_payments, v_credits, v_amounts, v_methods
    FROM new_payment p JOIN new_credit k ON k.payment_id = p.id;
    IF cardinality(v_payments) IS DISTINCT FROM cardinality(p_orders) THEN
        RAISE EXCEPTION 'an order is for a lease that does not exist';
    END IF;
    SELECT * INTO v_rule FROM billing_rule(p_now);
    WITH settled AS MATERIALIZED (
        SELECT * FROM billing_allocate(v_leases, NULL, v_rule.kinds, v_rule.kind_first)
    ), posted AS (
        SELECT * FROM unnest(v_payments, v_credits, v_leases, v_amounts, v_methods)
            AS p(payment, credit, lease, amount, method)
    ), told AS (
        SELECT p.payment, format('{"amount":"%s","method":"%s","settled":[%s]}', p.amount, p.method, coalesce(
                   string_agg(format('[%s,"%s"]', s.charge_id, s.amount), ',' ORDER BY s.charge_id)
                       FILTER (WHERE s.charge_id IS NOT NULL), '')) AS body
        FROM posted p LEFT JOIN settled s ON s.credit_id = p.credit GROUP BY p.payment, p.amount, p.method
    ), link AS (
        SELECT payment, 'lease' AS kind, lease AS id, 0 AS n FROM posted
        UNION ALL
        SELECT p.payment, 'charge', s.charge_id, 1 FROM posted p JOIN settled s ON s.credit_id = p.credit
    )
    SELECT (SELECT array_agg(payment ORDER BY payment) FROM told) AS streams,
           (SELECT array_agg(body ORDER BY payment) FROM told) AS bodies,
           array_agg(payment ORDER BY payment, n, id) AS of, array_agg(kind ORDER BY payment, n, id) AS kinds,
           array_agg(id ORDER BY payment, n, id) AS ids
    INTO v_rule FROM link;
    PERFORM trace_append_all('payment', v_rule.streams, p_now, p_wall, 'system', 'billing.payment.record',
                             v_rule.bodies, v_rule.of, v_rule.kinds, v_rule.ids);
END $$;
