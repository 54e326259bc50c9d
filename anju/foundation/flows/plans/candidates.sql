-- Limits whose warning or end has come.
SELECT l.id AS subject_id FROM flow_limit l
WHERE l.next_at <= %(now)s::timestamptz AND l.id BETWEEN %(lo)s AND %(hi)s
