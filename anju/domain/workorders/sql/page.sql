-- Pages that are due: each unaccepted repair of the most urgent class, whom the ladder reaches by now, each channel.
-- Which time it is follows from how long it has waited, so that a page is made once whoever looks how often.
WITH rungs AS (
    SELECT * FROM unnest(%(roles)s::varchar[], %(duties)s::varchar[]) WITH ORDINALITY AS r(role, duty, rung)
), shifts AS (
    SELECT h.staff_id, bool_or(h.on_call) AS on_call FROM work_shift h WHERE {now} GROUP BY h.staff_id
), planned AS (
    SELECT EXISTS (SELECT FROM work_shift WHERE day = %(today)s) AS any
), active AS (
    SELECT s.id, s.roles, s.all_projects, coalesce(shifts.on_call, false) AS on_call,
           NOT planned.any OR shifts.staff_id IS NOT NULL AS on_shift, EXISTS (
               SELECT FROM staff_phone n WHERE n.staff_id = s.id
           ) AS has_phone, p.lon, p.lat
    FROM staff s CROSS JOIN planned LEFT JOIN shifts ON shifts.staff_id = s.id
    LEFT JOIN technician t ON t.staff_id = s.id LEFT JOIN building b ON b.id = t.home_id
    LEFT JOIN project p ON p.id = b.scope_id
    WHERE s.frozen_at IS NULL AND (s.left_on IS NULL OR s.left_on >= %(today)s)
), waiting AS (
    SELECT c.id AS case_id, o.id AS order_id, o.scope_id, c.number, c.title, c.assignee, c.stage_at,
           coalesce(u.code, b.name) AS place, p.lon, p.lat,
           greatest(0, floor(extract(epoch FROM %(at)s - c.stage_at) / (60 * %(every)s)))::int AS n
    FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN building b ON b.id = o.building_id
    JOIN project p ON p.id = o.scope_id LEFT JOIN unit u ON u.id = o.unit_id
    WHERE c.flow = %(flow)s AND c.stage = 'new' AND c.priority = 0 AND c.closed_at IS NULL AND c.follows_id IS NULL
      AND c.paused_at IS NULL
), reached AS (
    SELECT w.case_id, a.id AS staff, r.rung, r.duty, a.on_call,
           bool_or(a.on_call) OVER (PARTITION BY w.case_id, r.rung) AS some_on_call
    FROM waiting w CROSS JOIN rungs r JOIN active a ON r.role = ANY(a.roles) AND (r.duty = 'all' OR a.on_shift)
     AND (a.all_projects OR EXISTS (SELECT FROM staff_scope x WHERE x.staff_id = a.id AND x.scope_id = w.scope_id))
     -- Nobody of another town, as for suggestions; in such distances the earth is flat enough.
     AND coalesce(111320 * sqrt(((a.lon - w.lon) * cos(radians(w.lat)))::numeric ^ 2 + (a.lat - w.lat) ^ 2)
                  <= %(farthest)s, true)
), able AS (
    -- A rung that reaches nobody now is passed over.
    SELECT *, min(rung) OVER (PARTITION BY case_id) AS first FROM reached
    WHERE duty = 'all' OR on_call OR NOT some_on_call
), called AS (
    SELECT w.case_id, able.staff FROM waiting w JOIN able ON able.case_id = w.case_id
    WHERE able.rung <= 1 + w.n / %(times)s OR able.rung = able.first
    UNION SELECT case_id, assignee FROM waiting WHERE assignee IS NOT NULL AND cardinality(%(roles)s::varchar[]) > 0
)
SELECT 'page:' || w.case_id || ':' || extract(epoch FROM w.stage_at)::bigint || ':' || w.n || ':' || a.id || ':'
           || channel AS dedupe,
       a.id AS to_staff, channel, 'dispatch:paging' AS template, %(version)s::bigint AS version_id,
       %(kind)s AS kind, 'workorder' AS subject_kind, w.order_id AS subject_id, w.scope_id,
       'workorders.unaccepted' AS valid_if, 0 AS priority, %(at)s::timestamptz AS due_at,
       jsonb_build_object('what', w.title, 'where', w.place, 'number', w.number, 'times', w.n + 1) AS vars
FROM waiting w JOIN called ON called.case_id = w.case_id JOIN active a ON a.id = called.staff
CROSS JOIN unnest(%(channels)s::varchar[]) AS channel
WHERE channel <> 'sms' OR a.has_phone
