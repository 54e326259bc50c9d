-- Work orders with where and who, the latest first; the page is cut first, what is shown is joined to it.
WITH page AS (
    SELECT o.id, o.case_id, o.building_id, o.unit_id, o.floor, o.line, o.kind, o.spot, o.source, o.rating, o.opened_at,
           o.scope_id, c.number, c.title, c.stage, c.priority, c.assignee, c.due_at, c.paused_at, c.closed_at,
           cardinality(c.persons) AS reporters
    FROM work_order o JOIN flow_case c ON c.id = o.case_id WHERE {conditions} ORDER BY o.opened_at DESC, o.id DESC LIMIT %(limit)s
)
SELECT page.*, b.name AS building, u.code, s.name AS who, p.name AS project
FROM page JOIN building b ON b.id = page.building_id JOIN project p ON p.id = page.scope_id
LEFT JOIN unit u ON u.id = page.unit_id LEFT JOIN staff s ON s.id = page.assignee
ORDER BY page.opened_at DESC, page.id DESC
