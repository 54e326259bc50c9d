INSERT INTO payment_statement_line (statement_id, n, kind, at, gateway_transaction, order_number, amount, refund_number,
                                    refund_amount, fee)
SELECT %(statement)s, %(first)s + u.n, u.kind, u.at, u.transaction, u.number, u.amount, u.refund, u.refund_amount, u.fee
FROM unnest(%(kinds)s::text[], %(ats)s::timestamptz[], %(transactions)s::text[], %(numbers)s::text[],
            %(amounts)s::numeric[], %(refunds)s::text[], %(refund_amounts)s::numeric[], %(fees)s::numeric[])
     WITH ORDINALITY AS u(kind, at, transaction, number, amount, refund, refund_amount, fee, n)
