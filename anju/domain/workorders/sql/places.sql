-- Projects with a position and what is not mended there.
SELECT p.id, p.name, p.city, p.district, p.lon, p.lat, x.waiting, x.late
FROM (
    SELECT o.scope_id, count(*)::int AS waiting, (count(*) FILTER (WHERE c.due_at < %(now)s))::int AS late
    FROM flow_case c JOIN work_order o ON o.case_id = c.id
    WHERE c.flow = %(flow)s AND c.closed_at IS NULL
      AND (%(scopes)s::bigint[] IS NULL OR o.scope_id = ANY(%(scopes)s::bigint[]))
      AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
    GROUP BY o.scope_id
) x JOIN project p ON p.id = x.scope_id
ORDER BY x.waiting DESC, p.id LIMIT %(most)s
