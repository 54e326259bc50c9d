SELECT p.id FROM payment_order p JOIN payment_refund f ON f.order_id = p.id
WHERE f.number = %(number)s AND p.gateway = %(gateway)s
FOR UPDATE OF p
