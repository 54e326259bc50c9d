-- The technicians: skills, whether they work now, what they have in hand, where they are (at work, else their usual
-- building). On a day for which nobody entered shifts everybody works.
WITH shifts AS (
    SELECT h.staff_id, bool_or(h.on_call) AS on_call FROM work_shift h WHERE {now} GROUP BY h.staff_id
), planned AS (
    SELECT EXISTS (SELECT FROM work_shift WHERE day = %(today)s) AS any
)
SELECT s.id, s.name, coalesce(t.skills, '{{}}') AS skills, coalesce(w.load, 0)::int AS load,
       coalesce(w.buildings, '{{}}') AS buildings, here.place,
       NOT planned.any OR shifts.staff_id IS NOT NULL AS on_shift, coalesce(shifts.on_call, false) AS on_call,
       here.building_id IS NOT NULL AS at_work, coalesce(here.building_id, t.home_id) AS building_id,
       here.unit_id, here.line, b.scope_id AS project_id, b.name AS building, p.lon, p.lat,
       CASE WHEN NOT s.all_projects
            THEN ARRAY(SELECT x.scope_id FROM staff_scope x WHERE x.staff_id = s.id) END AS projects
FROM staff s CROSS JOIN planned
LEFT JOIN technician t ON t.staff_id = s.id
LEFT JOIN shifts ON shifts.staff_id = s.id
LEFT JOIN LATERAL (
    SELECT count(*) AS load, array_agg(DISTINCT o.building_id) AS buildings
    FROM flow_case c JOIN work_order o ON o.case_id = c.id
    WHERE c.assignee = s.id AND c.flow = %(flow)s AND c.closed_at IS NULL AND c.follows_id IS NULL
      AND c.stage <> 'proof') w ON true
LEFT JOIN LATERAL (
    SELECT o.building_id, o.unit_id, o.line, b.name || ' ' || coalesce(o.floor::text, '') AS place
    FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN building b ON b.id = o.building_id
    WHERE c.assignee = s.id AND c.flow = %(flow)s AND c.closed_at IS NULL AND c.follows_id IS NULL
      AND c.stage = 'onsite'
    ORDER BY c.stage_at DESC LIMIT 1) here ON true
LEFT JOIN building b ON b.id = coalesce(here.building_id, t.home_id)
LEFT JOIN project p ON p.id = b.scope_id
WHERE s.frozen_at IS NULL AND (s.left_on IS NULL OR s.left_on >= %(today)s) AND %(team)s = ANY(s.roles)
  AND (%(scopes)s::bigint[] IS NULL OR s.all_projects
       OR EXISTS (SELECT FROM staff_scope x WHERE x.staff_id = s.id AND x.scope_id = ANY(%(scopes)s)))
ORDER BY load, s.id
