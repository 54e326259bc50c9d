-- The floor of posting a payment: the same rows (payment, credit, allocation, open amounts, kept sums, trace) by one call
-- of the server, made for one payment at a time.
CREATE OR REPLACE FUNCTION pg_temp.bench_post_order(p_order payment_order, p_received timestamptz, p_now timestamptz, p_wall timestamptz)
RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    v_lease bigint; v_payment bigint; v_credit bigint; v_kinds varchar[]; v_first boolean;
    v_settled text; v_links bigint[]; v_left numeric := p_order.amount; v_part numeric; v_charge record;
BEGIN
    v_lease := CASE p_order.subject_kind
        WHEN 'bill' THEN (SELECT lease_id FROM bill WHERE id = p_order.subject_id) ELSE p_order.subject_id END;
    SELECT kinds, kind_first INTO v_kinds, v_first FROM billing_rule(p_now);
    v_payment := nextval('payment_id_seq');
    INSERT INTO payment (id, number, lease_id, payer_id, scope_id, method, amount, received_at, source)
    SELECT v_payment, 'P' || v_payment, l.id, l.payer_id, l.scope_id, p_order.gateway, p_order.amount, p_received,
           'order:' || p_order.id
    FROM lease l WHERE l.id = v_lease;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'order % is for a lease that does not exist', p_order.id;
    END IF;
    v_credit := nextval('credit_id_seq');
    PERFORM FROM charge WHERE lease_id = v_lease AND open > 0 ORDER BY id FOR UPDATE;
    IF EXISTS (SELECT FROM credit WHERE lease_id = v_lease AND open > 0) THEN
        -- Older credit goes first: the general way.
        INSERT INTO credit (id, lease_id, kind, payment_id, amount, open, at)
        VALUES (v_credit, v_lease, 'payment', v_payment, p_order.amount, p_order.amount, p_received);
        SELECT string_agg(format('[%s,"%s"]', a.charge_id, a.amount), ',' ORDER BY a.charge_id)
                   FILTER (WHERE a.credit_id = v_credit),
               array_agg(a.charge_id ORDER BY a.charge_id) FILTER (WHERE a.credit_id = v_credit)
        INTO v_settled, v_links
        FROM billing_allocate(ARRAY[v_lease], p_received, v_kinds, v_first) a;
    ELSE
        SELECT p_order.amount - least(p_order.amount, coalesce(sum(open), 0)) INTO v_part
        FROM charge WHERE lease_id = v_lease AND open > 0;
        INSERT INTO credit (id, lease_id, kind, payment_id, amount, open, at)
        VALUES (v_credit, v_lease, 'payment', v_payment, p_order.amount, v_part, p_received);
        FOR v_charge IN
            SELECT id, open, kind, due_on, scope_id, building_id FROM charge WHERE lease_id = v_lease AND open > 0
            ORDER BY CASE WHEN v_first THEN array_position(v_kinds, kind) ELSE 0 END, due_on,
                     array_position(v_kinds, kind), id
        LOOP
            EXIT WHEN v_left <= 0;
            v_part := least(v_charge.open, v_left);
            v_left := v_left - v_part;
            UPDATE charge SET open = open - v_part WHERE id = v_charge.id;
            INSERT INTO allocation (credit_id, charge_id, amount, at) VALUES (v_credit, v_charge.id, v_part, p_received);
            IF v_charge.kind <> 'deposit' THEN
                INSERT INTO billing_month AS b (month, scope_id, building_id, due, settled)
                VALUES (date_trunc('month', v_charge.due_on)::date, v_charge.scope_id, coalesce(v_charge.building_id, 0), 0, v_part)
                ON CONFLICT (org_id, month, scope_id, building_id) DO UPDATE SET settled = b.settled + excluded.settled;
            END IF;
            v_settled := concat_ws(',', v_settled, format('[%s,"%s"]', v_charge.id, v_part));
            v_links := v_links || v_charge.id;
        END LOOP;
    END IF;
    PERFORM trace_append('payment', v_payment, p_now, p_wall, 'system', 'billing.payment.record', NULL, NULL,
        format('{"amount":"%s","method":"%s","settled":[%s]}', p_order.amount, p_order.gateway, coalesce(v_settled, '')),
        'lease'::text || array_fill('charge'::text, ARRAY[coalesce(cardinality(v_links), 0)]),
        v_lease || coalesce(v_links, '{}'));
END $$;
