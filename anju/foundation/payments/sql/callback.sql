-- A verified callback about a payment, whole, in one call: the order, its posting by the slice it pays for, the notice, the
-- trace. The order's row is locked first, so repeated and parallel callbacks queue on it; whoever comes second sees the
-- transaction already written. What is not a plain payment or a plain repetition ('ask') is left to the action
-- payments.order.settle, and nothing is written here.
CREATE FUNCTION payment_callback(
    p_org bigint, p_gateway varchar, p_account bigint, p_number varchar, p_transaction varchar, p_amount numeric,
    p_paid_at timestamptz, p_wall timestamptz, p_notice varchar, p_event varchar, p_sha256 varchar, p_headers text,
    p_posting jsonb
) RETURNS text LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
    o payment_order; v_word text := 'accepted'; v_post text; v_clock org_clock; v_now timestamptz := p_wall;
BEGIN
    PERFORM set_config('anju.org', p_org::text, true);
    SELECT * INTO o FROM payment_order
    WHERE gateway = p_gateway AND number = p_number AND account_id = p_account FOR UPDATE;
    IF o.gateway_transaction = p_transaction AND o.amount = p_amount THEN
        v_word := 'repeated';
    ELSIF o.id IS NULL OR o.gateway_transaction IS NOT NULL OR o.amount <> p_amount THEN
        RETURN 'ask';
    ELSE
        v_post := p_posting ->> o.subject_kind;
        IF v_post IS NULL THEN
            RETURN 'ask';
        END IF;
        SELECT * INTO v_clock FROM org_clock ORDER BY id LIMIT 1;
        IF v_clock.id IS NOT NULL THEN
            v_now := CASE WHEN v_clock.runs THEN v_clock.at + (p_wall - v_clock.set_at) ELSE v_clock.at END;
        END IF;
        -- Also from closed or failed: money that arrived is money.
        UPDATE payment_order SET state = 'paid', paid_at = p_paid_at, paid_amount = p_amount,
                                 gateway_transaction = p_transaction
        WHERE id = o.id;
        EXECUTE format('SELECT %I($1, $2, $3, $4)', v_post)
        USING o, CASE WHEN v_clock.id IS NULL THEN p_paid_at ELSE v_now END, v_now, p_wall;
        PERFORM trace_append('payment_order', o.id, v_now, p_wall, 'system', 'payments.order.settle', NULL, NULL,
            format('{"amount":"%s","gateway":"%s","transaction":%s}', p_amount, p_gateway, to_json(p_transaction::text)),
            ARRAY[o.subject_kind::text], ARRAY[o.subject_id]);
    END IF;
    INSERT INTO gateway_notice AS n (gateway, notification_id, event, reference, body_sha256, headers, verdict,
                                     received_at, last_at)
    VALUES (p_gateway, p_notice, p_event, p_number, p_sha256, p_headers::jsonb, v_word, p_wall, p_wall)
    ON CONFLICT (org_id, gateway, notification_id) DO UPDATE
    SET attempts = n.attempts + 1, last_at = excluded.last_at,
        verdict = CASE WHEN n.verdict = 'accepted' THEN n.verdict ELSE excluded.verdict END;
    RETURN v_word;
END $$;
