-- The order's row is locked before this statement begins (lock_refunded_order.sql), so its sums are never stale.
WITH r AS (
    SELECT f.id, f.order_id, f.amount, f.state, p.subject_kind, p.subject_id, p.payer
    FROM payment_refund f
    JOIN payment_order p ON p.id = f.order_id
    WHERE f.number = %(number)s AND p.gateway = %(gateway)s AND p.account_id = %(account)s
    FOR UPDATE OF f
),
verdict AS (
    SELECT coalesce((
        SELECT CASE
            WHEN amount <> %(amount)s THEN 'wrong_amount'
            WHEN state IN ('succeeded', 'closed') OR state = %(state)s THEN 'repeated'
            -- a callback about an earlier moment that was overtaken
            WHEN %(state)s = 'processing' AND state <> 'asked' THEN 'repeated'
            ELSE 'accepted'
        END FROM r), 'unknown_refund') AS word
),
settled AS (
    UPDATE payment_refund f
    SET state = %(state)s, gateway_refund = %(gateway_refund)s, error = '',
        done_at = CASE WHEN %(state)s = 'processing' THEN NULL ELSE coalesce(%(done_at)s, %(now)s) END
    FROM r, verdict v
    WHERE f.id = r.id AND v.word = 'accepted'
)
SELECT v.word, r.*, EXISTS (SELECT 1 FROM org_clock) AS drill
FROM verdict v LEFT JOIN r ON true
