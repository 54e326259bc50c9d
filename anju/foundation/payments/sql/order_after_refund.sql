-- The order's row is already locked by this transaction: what refunds reserve and have taken is summed anew.
UPDATE payment_order p
SET refund_asked = s.asked,
    refunded_amount = s.done,
    state = CASE
        WHEN s.done = p.amount THEN 'refunded'
        WHEN s.asked > s.done THEN 'refunding'
        WHEN s.done > 0 THEN 'part_refunded'
        ELSE 'paid'
    END
FROM (
    SELECT coalesce(sum(amount) FILTER (WHERE state <> 'closed'), 0) AS asked,
           coalesce(sum(amount) FILTER (WHERE state = 'succeeded'), 0) AS done
    FROM payment_refund WHERE order_id = %(order)s
) s
WHERE p.id = %(order)s
