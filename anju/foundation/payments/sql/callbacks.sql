-- Verified callbacks about payments, whole, in one call: the orders, their posting by the slices they pay for, the notices,
-- the trace. Orders are locked first, by id, so repeated and parallel callbacks queue on them; whoever comes second sees the
-- transaction already written. What is not a plain payment or a plain repetition ('ask') is left to the action
-- payments.order.settle, and nothing is written of it here. Several about one order in one call are one payment.
CREATE FUNCTION payment_callbacks(p_org bigint, p_wall timestamptz, p_posting jsonb, p_rows jsonb)
RETURNS TABLE (n int, word text) LANGUAGE plpgsql SET search_path = public AS $$
#variable_conflict use_column
DECLARE
    v_ns int[]; v_words text[]; v_paid payment_order[]; v_clock org_clock; v_now timestamptz := p_wall;
    v_received timestamptz; v_post record;
BEGIN
    PERFORM set_config('anju.org', p_org::text, true);
    WITH r AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(p_rows) AS r(n int, gateway varchar, account bigint, number varchar,
            transaction varchar, amount numeric, paid_at timestamptz, notice varchar, event varchar, body_sha256 varchar,
            headers jsonb)
    ), o AS MATERIALIZED (
        SELECT id, gateway, number, account_id, gateway_transaction, amount, subject_kind FROM payment_order
        WHERE (gateway, number) IN (SELECT gateway, number FROM r) ORDER BY id FOR UPDATE
    ), met AS (
        SELECT r.*, o.id AS order_id, o.gateway_transaction AS was, o.amount = r.amount AS fits, o.subject_kind,
               row_number() OVER same AS nth, first_value(r.transaction) OVER same AS first_transaction
        FROM r LEFT JOIN o ON o.gateway = r.gateway AND o.number = r.number AND o.account_id = r.account
        WINDOW same AS (PARTITION BY o.id, o.amount = r.amount ORDER BY r.n)
    ), judged AS MATERIALIZED (
        SELECT *, CASE
            WHEN order_id IS NULL OR NOT fits THEN 'ask'
            WHEN was = transaction THEN 'repeated'
            WHEN was IS NOT NULL OR NOT p_posting ? subject_kind OR transaction <> first_transaction THEN 'ask'
            WHEN nth = 1 THEN 'accepted' ELSE 'repeated' END AS word
        FROM met
    ), paid AS (  -- also from closed or failed: money that arrived is money
        UPDATE payment_order SET state = 'paid', paid_at = j.paid_at, paid_amount = j.amount,
                                 gateway_transaction = j.transaction
        FROM judged j WHERE j.word = 'accepted' AND payment_order.id = j.order_id
        RETURNING payment_order AS whole, payment_order.id
    ), noted AS (
        INSERT INTO gateway_notice AS g (gateway, notification_id, event, reference, body_sha256, headers, verdict,
                                         attempts, received_at, last_at)
        SELECT gateway, notice, min(event), min(number), min(body_sha256), (array_agg(headers ORDER BY n))[1],
               min(word), count(*), p_wall, p_wall  -- 'accepted' sorts before 'repeated'
        FROM judged WHERE word <> 'ask' GROUP BY gateway, notice ORDER BY gateway, notice
        ON CONFLICT (org_id, gateway, notification_id) DO UPDATE
        SET attempts = g.attempts + excluded.attempts, last_at = excluded.last_at,
            verdict = CASE WHEN g.verdict = 'accepted' THEN g.verdict ELSE excluded.verdict END
    )
    SELECT (SELECT array_agg(n ORDER BY n) FROM judged), (SELECT array_agg(word ORDER BY n) FROM judged),
           (SELECT array_agg(whole ORDER BY id) FROM paid)
    INTO v_ns, v_words, v_paid;
    IF v_paid IS NOT NULL THEN
        SELECT * INTO v_clock FROM org_clock ORDER BY id LIMIT 1;
        IF v_clock.id IS NOT NULL THEN
            v_now := CASE WHEN v_clock.runs THEN v_clock.at + (p_wall - v_clock.set_at) ELSE v_clock.at END;
            v_received := v_now;
        END IF;
        FOR v_post IN
            SELECT p_posting ->> u.subject_kind AS function, array_agg(p ORDER BY u.id) AS orders
            FROM unnest(v_paid) AS p CROSS JOIN LATERAL (SELECT (p).id, (p).subject_kind) u GROUP BY 1 ORDER BY 1
        LOOP
            EXECUTE format('SELECT %I($1, $2, $3, $4)', v_post.function)
            USING v_post.orders, v_received, v_now, p_wall;
        END LOOP;
        PERFORM trace_append_all('payment_order', array_agg(p.id ORDER BY p.id), v_now, p_wall, 'system',
            'payments.order.settle',
            array_agg(format('{"amount":"%s","gateway":"%s","transaction":%s}', p.paid_amount, p.gateway,
                             to_json(p.gateway_transaction::text)) ORDER BY p.id),
            array_agg(p.id ORDER BY p.id), array_agg(p.subject_kind::text ORDER BY p.id),
            array_agg(p.subject_id ORDER BY p.id))
        FROM unnest(v_paid) AS p;
    END IF;
    RETURN QUERY SELECT * FROM unnest(v_ns, v_words);
END $$;
