-- What was reported on a day and how much of it was known already: joined to an order that was there or merged into
-- one, or an order of its own for what was reported before (same kind, same room or the next one on the riser, a
-- telling word in common).
WITH told AS (
    SELECT o.building_id, coalesce(u.entrance, '') AS entrance, o.line, o.kind,
           EXISTS (SELECT FROM work_order_report e WHERE e.order_id = r.order_id AND e.id < r.id)
               OR c.follows_id IS NOT NULL AS joined,
           EXISTS (
               SELECT FROM work_order p JOIN flow_case pc ON pc.id = p.case_id LEFT JOIN unit pu ON pu.id = p.unit_id
               WHERE p.building_id = o.building_id AND p.kind = o.kind AND p.id < o.id
                 AND p.opened_at >= o.opened_at - make_interval(hours => %(hours)s)
                 AND ARRAY(SELECT t FROM unnest(p.terms) t WHERE t NOT LIKE '~%%') && o.terms  -- words, not marks
                 AND pc.stage <> 'void'
                 AND (p.unit_id = o.unit_id
                      OR (p.line = o.line AND o.line <> '' AND coalesce(pu.entrance, '') = coalesce(u.entrance, '')
                          AND abs(p.floor - o.floor) <= 1))
           ) AS again
    FROM work_order_report r JOIN work_order o ON o.id = r.order_id JOIN flow_case c ON c.id = o.case_id LEFT JOIN unit u ON u.id = o.unit_id
    WHERE r.at >= %(start)s AND r.at < %(until)s
      AND (%(scopes)s::bigint[] IS NULL OR o.scope_id = ANY(%(scopes)s::bigint[]))
      AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
), added AS (
    SELECT building_id, entrance, line, kind, count(*)::int AS reports,
           (count(*) FILTER (WHERE joined))::int AS joined, (count(*) FILTER (WHERE again AND NOT joined))::int AS again,
           grouping(building_id, kind, line) AS level
    FROM told GROUP BY GROUPING SETS ((), (building_id), (kind), (building_id, entrance, line, kind))
)
SELECT a.*, b.name AS building, p.name AS project
FROM added a LEFT JOIN building b ON b.id = a.building_id LEFT JOIN project p ON p.id = b.project_id
WHERE a.level <> 0 OR (a.reports >= 2 AND a.joined + a.again > 0)
ORDER BY a.joined + a.again DESC, a.reports DESC, a.building_id, a.entrance, a.kind, a.line
