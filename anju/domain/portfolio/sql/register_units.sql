-- Units named by rows of places; the buildings and parents are there, what exists is left as it is.
WITH r AS (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
        n int, city text, project text, building text, unit text, parent text, kind text, entrance text,
        floor smallint, line text, layout text, bedrooms smallint, orientation text, area numeric, guide_rent numeric)
)
INSERT INTO unit (building_id, parent_id, scope_id, kind, code, entrance, floor, line, layout, bedrooms, orientation,
                  area, guide_rent, state, leaf)
SELECT b.id, above.id, p.id, r.kind, r.unit, r.entrance, r.floor, r.line, r.layout, r.bedrooms, r.orientation,
       r.area, r.guide_rent, 'available', true
FROM r
JOIN project p ON p.city = r.city AND p.name = r.project
JOIN building b ON b.project_id = p.id AND b.code = r.building
LEFT JOIN unit above ON r.parent <> '' AND above.scope_id = p.id AND above.code = r.parent
WHERE r.parent = '' OR above.id IS NOT NULL
ORDER BY r.n
ON CONFLICT (org_id, scope_id, code) DO NOTHING
RETURNING id, parent_id
