-- How many came in and were mended: in the last seven days, and in the four weeks before them.
SELECT (count(*) FILTER (WHERE c.opened_at >= %(week)s))::int AS came,
       (count(*) FILTER (WHERE c.opened_at >= %(before)s AND c.opened_at < %(week)s))::int AS came_before,
       (count(*) FILTER (WHERE m.at >= %(week)s))::int AS mended,
       (count(*) FILTER (WHERE m.at >= %(before)s AND m.at < %(week)s))::int AS mended_before
FROM flow_case c JOIN work_order o ON o.case_id = c.id
LEFT JOIN LATERAL (
    SELECT max(v.entered_at) AS at FROM flow_visit v WHERE v.case_id = c.id AND v.stage = ANY(%(mended)s)
      AND c.stage = ANY(%(mended)s)
) m ON true
WHERE c.flow = %(flow)s AND (c.opened_at >= %(reach)s OR c.closed_at IS NULL)
  AND (%(scopes)s::bigint[] IS NULL OR o.scope_id = ANY(%(scopes)s::bigint[]))
  AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
