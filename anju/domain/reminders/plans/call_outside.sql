-- Why nobody calls about a lease on this day: nothing is late, or the next call comes on another day.
WITH one AS (
    SELECT l.id, min(c.due_on) FILTER (WHERE c.open > 0) AS due_on, coalesce(sum(c.open), 0) AS amount
    FROM lease l LEFT JOIN charge c ON c.lease_id = l.id AND c.due_on < %(as_of)s::date
    WHERE l.id = %(only)s GROUP BY l.id
),
next AS (
    SELECT o.id, min(o.due_on + (s ->> 'offset_days')::int) AS day
    FROM one o CROSS JOIN jsonb_array_elements(%(calls)s::jsonb) s
    WHERE o.due_on + (s ->> 'offset_days')::int > %(as_of)s::date GROUP BY o.id
)
SELECT CASE WHEN o.amount <= 0 THEN 'paid' WHEN n.day IS NULL THEN 'after_last' ELSE 'later' END AS code,
       jsonb_build_object('next', to_char(n.day, 'YYYY-MM-DD'), 'amount', o.amount) AS detail
FROM one o LEFT JOIN next n ON n.id = o.id
