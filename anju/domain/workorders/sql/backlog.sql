-- Orders that are not mended, in the order in which they are worked, with the moment each is reached if as many are
-- mended a day as now. A rate of nought reaches nobody. One that is paused has no limit that runs.
WITH waiting AS (
    SELECT c.id AS case_id, c.number, c.title, c.priority, c.due_at, c.opened_at, c.paused_at, c.assignee, o.building_id,
           o.unit_id, row_number() OVER (ORDER BY c.priority, c.due_at NULLS LAST, c.id) AS place
    FROM flow_case c JOIN work_order o ON o.case_id = c.id
    WHERE c.flow = %(flow)s AND c.closed_at IS NULL AND c.follows_id IS NULL AND NOT c.stage = ANY(%(mended)s)
      AND (%(scopes)s::bigint[] IS NULL OR o.scope_id = ANY(%(scopes)s::bigint[]))
      AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
), reached AS (
    SELECT *, CASE WHEN %(rate)s::numeric > 0
              THEN %(now)s::timestamptz + make_interval(secs => (place / %(rate)s::numeric * 86400)::float8) END AS at
    FROM waiting
), judged AS (
    SELECT *, (paused_at IS NULL AND due_at < %(now)s) IS TRUE AS late,
           (paused_at IS NULL AND due_at >= %(now)s AND (at IS NULL OR due_at < at)) IS TRUE AS will_be
    FROM reached
)
