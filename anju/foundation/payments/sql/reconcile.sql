WITH line AS (
    SELECT * FROM payment_statement_line WHERE statement_id = %(statement)s
),
found AS (
    -- they were paid for an order we never made, or hold for unpaid, or remember with another amount or transaction
    SELECT CASE WHEN o.id IS NULL THEN 'unknown_here'
                WHEN o.paid_at IS NULL THEN 'unpaid_here'
                ELSE 'amount' END AS kind,
           l.order_number AS reference, o.id AS order_id, o.paid_amount AS ours, l.amount AS theirs
    FROM line l
    LEFT JOIN payment_order o ON o.number = l.order_number AND o.account_id = %(account)s
    WHERE l.kind = 'pay'
      AND (o.id IS NULL OR o.paid_at IS NULL OR o.paid_amount <> l.amount
           OR o.gateway_transaction <> l.gateway_transaction)
    UNION ALL
    -- we posted what their day does not know
    SELECT 'missing_there', o.number, o.id, o.paid_amount, NULL
    FROM payment_order o
    WHERE o.account_id = %(account)s AND o.paid_at >= %(start)s AND o.paid_at < %(end)s
      AND NOT EXISTS (SELECT 1 FROM line l WHERE l.kind = 'pay' AND l.order_number = o.number)
    UNION ALL
    SELECT CASE WHEN r.id IS NULL THEN 'refund_unknown_here' ELSE 'refund_amount' END,
           l.refund_number, r.order_id, r.amount, l.refund_amount
    FROM line l
    LEFT JOIN payment_refund r ON r.number = l.refund_number
    WHERE l.kind = 'refund' AND (r.id IS NULL OR r.amount <> l.refund_amount)
    UNION ALL
    -- a refund stands in the statement of the day it was asked or of the day it was done, or between
    SELECT 'refund_missing_there', r.number, r.order_id, r.amount, NULL
    FROM payment_refund r
    JOIN payment_order o ON o.id = r.order_id AND o.account_id = %(account)s
    WHERE r.state = 'succeeded' AND r.done_at >= %(start)s AND r.done_at < %(end)s
      AND NOT EXISTS (
          SELECT 1 FROM payment_statement_line l
          JOIN payment_statement s ON s.id = l.statement_id AND s.account_id = %(account)s
          WHERE l.refund_number = r.number AND l.refund_number <> '' AND s.day <= %(day)s)
),
-- one order may have several lines in a broken statement: one difference each kind and number
one_each AS (
    SELECT DISTINCT ON (kind, reference) * FROM found ORDER BY kind, reference, theirs
),
kept AS (
    INSERT INTO payment_difference AS d (statement_id, kind, reference, order_id, ours, theirs, found_at)
    SELECT %(statement)s, kind, reference, order_id, ours, theirs, %(now)s FROM one_each
    ON CONFLICT (org_id, statement_id, kind, reference) DO UPDATE
    -- what a person explained stays explained; what only vanished for a while is open again
    SET ours = excluded.ours, theirs = excluded.theirs,
        settled_at = CASE WHEN d.note = '' THEN NULL ELSE d.settled_at END
    RETURNING 1
),
settled AS (
    UPDATE payment_difference d
    SET settled_at = %(now)s
    WHERE d.statement_id = %(statement)s AND d.settled_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM one_each f WHERE f.kind = d.kind AND f.reference = d.reference)
    RETURNING 1
)
SELECT (SELECT count(*) FROM kept) AS found, (SELECT count(*) FROM settled) AS settled
