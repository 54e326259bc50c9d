-- Why a bill is not reminded of on this day: paid, or the next step comes on another day.
WITH one AS (
    SELECT b.id, b.due_on, coalesce(sum(c.open), 0) AS amount
    FROM bill b LEFT JOIN charge c ON c.bill_id = b.id WHERE b.id = %(only)s GROUP BY b.id, b.due_on
),
next AS (
    SELECT o.id, min(o.due_on + (s ->> 'offset_days')::int) AS day
    FROM one o CROSS JOIN jsonb_array_elements(%(steps)s::jsonb) s
    WHERE o.due_on + (s ->> 'offset_days')::int > %(as_of)s::date GROUP BY o.id
)
SELECT CASE WHEN o.amount <= 0 THEN 'paid' WHEN n.day IS NULL THEN 'after_last' ELSE 'later' END AS code,
       jsonb_build_object('next', to_char(n.day, 'YYYY-MM-DD'), 'due', to_char(o.due_on, 'YYYY-MM-DD'),
                          'amount', o.amount) AS detail
FROM one o LEFT JOIN next n ON n.id = o.id
