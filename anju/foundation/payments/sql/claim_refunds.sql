UPDATE payment_refund f
SET attempts = f.attempts + 1,
    next_check_at = %(now)s + least(30 * power(2, least(f.attempts, 20)), 21600) * interval '1 second'
FROM (
    SELECT r.id, p.gateway, p.account_id, p.number AS order_number, p.amount AS total
    FROM payment_refund r
    JOIN payment_order p ON p.id = r.order_id
    WHERE r.state IN ('asked', 'processing') AND r.next_check_at <= %(now)s
    ORDER BY r.next_check_at
    LIMIT %(limit)s
    FOR UPDATE OF r SKIP LOCKED
) due
WHERE f.id = due.id
RETURNING f.id, f.number, f.amount, f.reason, f.state, f.attempts, due.gateway, due.account_id, due.order_number, due.total
