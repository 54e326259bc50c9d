-- What a past order's row will do: nothing (its number is here already), write an order down, or be handed back because
-- nobody can say which room it means. A room is recognised by its whole code, else by how its code ends ("1208" for
-- 3-1-1208) where only one room of the project, or of the building named, ends like that.
WITH asked AS MATERIALIZED (  -- as columns: an index of a guarded table is not asked about the inside of a document
    SELECT r.id, r.values->>'number' AS number, r.values->>'project' AS project,
           coalesce(r.values->>'city', '') AS city, coalesce(r.values->>'building', '') AS building,
           r.values->>'unit' AS unit, r.values->>'ending' AS ending
    FROM import_row r
    WHERE r.file_id = %(file)s AND r.fate IS NULL AND NOT r.done
      AND (%(leads)s::int[] IS NULL OR r.lead = ANY(%(leads)s::int[]))
), named AS (
    SELECT a.project, a.city, count(p.id) AS n, min(p.id) AS id
    FROM (SELECT DISTINCT project, city FROM asked) a
    LEFT JOIN project p ON p.name = a.project AND (a.city = '' OR p.city = a.city)
    GROUP BY a.project, a.city
), endings AS MATERIALIZED (  -- 3-1-1208 ends in 3-1-1208, 1-1208 and 1208
    SELECT u.id, u.scope_id, upper(u.code) AS code, upper(b.code) AS building,
           upper(array_to_string(w.parts[i:], '-')) AS ending
    FROM (SELECT DISTINCT id FROM named WHERE n = 1) p
    JOIN unit u ON u.scope_id = p.id
    JOIN building b ON b.id = u.building_id
    CROSS JOIN LATERAL (SELECT string_to_array(u.code, '-') AS parts) w
    CROSS JOIN LATERAL generate_series(1, cardinality(w.parts)) AS i
), whole AS (
    SELECT a.id AS row_id, min(e.id) AS unit_id
    FROM asked a JOIN named n USING (project, city) JOIN endings e ON e.scope_id = n.id AND e.ending = a.unit
    WHERE e.code = e.ending GROUP BY a.id
), alike AS (
    SELECT a.id AS row_id, count(DISTINCT e.id) AS n, min(e.id) AS unit_id
    FROM asked a JOIN named n USING (project, city) JOIN endings e ON e.scope_id = n.id AND e.ending = a.ending
    WHERE a.building = '' OR e.building = a.building OR starts_with(e.code, a.building || '-')
    GROUP BY a.id
), judged AS (
    SELECT a.id, o.case_id, coalesce(w.unit_id, k.unit_id) AS unit_id,
        CASE
            WHEN o.case_id IS NOT NULL THEN 'same'
            WHEN n.n = 0 THEN 'import.row.no_project'
            WHEN n.n > 1 THEN 'import.row.project_twice'
            WHEN w.unit_id IS NOT NULL THEN 'new'
            WHEN k.n IS NULL THEN 'import.row.no_room'
            WHEN k.n > 1 THEN 'import.row.rooms_alike'
            ELSE 'new'
        END AS code,
        jsonb_build_array(
            jsonb_build_array('n', CASE WHEN n.n > 1 THEN n.n ELSE coalesce(k.n, 0) END),
            jsonb_build_array('project', a.project), jsonb_build_array('room', a.unit)) AS facts
    FROM asked a
    JOIN named n USING (project, city)
    LEFT JOIN whole w ON w.row_id = a.id
    LEFT JOIN alike k ON k.row_id = a.id
    LEFT JOIN work_order o ON o.outside = a.number
)
UPDATE import_row r SET
    fate = CASE WHEN j.code IN ('same', 'new') THEN j.code ELSE 'bad' END,
    problems = CASE WHEN j.code IN ('same', 'new') THEN '[]'::jsonb
        ELSE jsonb_build_array(jsonb_build_object('code', j.code, 'field', '', 'facts', j.facts)) END,
    changes = CASE WHEN j.code = 'new' THEN jsonb_build_array(jsonb_build_object('field', 'unit', 'id', j.unit_id))
        ELSE '[]'::jsonb END,
    subject_kind = CASE WHEN j.case_id IS NULL THEN '' ELSE 'flow_case' END,
    subject_id = j.case_id
FROM judged j WHERE r.id = j.id
