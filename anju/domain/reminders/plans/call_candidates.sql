-- Leases with something open whose due day is called about today.
SELECT DISTINCT c.lease_id AS subject_id
FROM jsonb_to_recordset(%(targets)s::jsonb) AS t(step int, due_on date, day date)
JOIN charge c ON c.due_on = t.due_on AND c.open > 0
WHERE c.lease_id BETWEEN %(lo)s AND %(hi)s
