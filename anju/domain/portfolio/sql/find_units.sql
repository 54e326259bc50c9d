-- The units that rows of places name.
WITH r AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(n int, city text, project text, unit text)
)
SELECT r.n, u.id, u.leaf, u.scope_id, p.kind AS project_kind
FROM r JOIN project p ON p.city = r.city AND p.name = r.project JOIN unit u ON u.scope_id = p.id AND u.code = r.unit
ORDER BY r.n
