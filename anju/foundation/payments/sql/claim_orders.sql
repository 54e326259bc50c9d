-- A claim is a later next_check_at: whoever dies after it leaves the order to the next round.
UPDATE payment_order p
SET checks = p.checks + 1,
    next_check_at = %(now)s + least(%(first)s * power(2, least(p.checks, 20)), %(most)s) * interval '1 second'
FROM (
    SELECT id FROM payment_order
    WHERE state IN ('created', 'prepared') AND next_check_at <= %(now)s
    ORDER BY next_check_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
) due
WHERE p.id = due.id
RETURNING p.id, p.number, p.gateway, p.account_id, p.expires_at
