-- Bills with something open whose due day is reminded of today.
SELECT DISTINCT c.bill_id AS subject_id
FROM jsonb_to_recordset(%(targets)s::jsonb) AS t(step int, due_on date, day date)
JOIN charge c ON c.due_on = t.due_on AND c.open > 0
WHERE c.bill_id BETWEEN %(lo)s AND %(hi)s
