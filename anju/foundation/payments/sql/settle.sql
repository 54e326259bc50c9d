-- One statement for the whole verdict: the order is locked first, so repeated and parallel callbacks queue on its row;
-- whoever comes second sees the transaction already written.
WITH o AS (
    SELECT id, method, subject_kind, subject_id, payer, amount, gateway_transaction
    FROM payment_order
    WHERE gateway = %(gateway)s AND number = %(number)s AND account_id = %(account)s
    FOR UPDATE
),
verdict AS (
    SELECT coalesce((
        SELECT CASE
            WHEN gateway_transaction = %(transaction)s AND amount = %(amount)s THEN 'repeated'
            WHEN gateway_transaction = %(transaction)s OR amount <> %(amount)s THEN 'wrong_amount'
            WHEN gateway_transaction IS NOT NULL THEN 'paid_twice'
            ELSE 'accepted'
        END FROM o), 'unknown_order') AS word
),
paid AS (
    -- also from closed or failed: money that arrived is money
    UPDATE payment_order p
    SET state = 'paid', paid_at = %(paid_at)s, paid_amount = %(amount)s, gateway_transaction = %(transaction)s
    FROM o, verdict v
    WHERE p.id = o.id AND v.word = 'accepted'
),
notice AS (
    INSERT INTO gateway_notice AS n (gateway, notification_id, event, reference, body_sha256, headers, verdict,
                                     received_at, last_at)
    SELECT %(gateway)s, %(notice)s, %(event)s, %(number)s, %(body_sha256)s, %(headers)s::jsonb, v.word, %(now)s, %(now)s
    FROM verdict v
    WHERE %(notice)s::text IS NOT NULL
    ON CONFLICT (org_id, gateway, notification_id) DO UPDATE
    SET attempts = n.attempts + 1, last_at = excluded.last_at,
        verdict = CASE WHEN n.verdict = 'accepted' THEN n.verdict ELSE excluded.verdict END
)
SELECT v.word, o.*, EXISTS (SELECT 1 FROM org_clock) AS drill
FROM verdict v LEFT JOIN o ON true
