-- Regions, stores, projects and buildings named by rows of places; what exists is left as it is.
-- A row inserted here is not visible to the rest of the statement, so each level unites the found with the new.
WITH r AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(
        n int, region text, store text, city text, district text, block text, project text, project_kind text,
        project_code text, address text, lon numeric, lat numeric, position_precision text, building text,
        building_name text)
),
new_region AS (
    INSERT INTO region (name) SELECT DISTINCT region FROM r ORDER BY 1
    ON CONFLICT (org_id, name) DO NOTHING RETURNING id, name
),
all_region AS (SELECT id, name FROM region WHERE name IN (SELECT region FROM r) UNION ALL SELECT id, name FROM new_region),
new_store AS (
    INSERT INTO store (region_id, name)
    SELECT DISTINCT ON (r.store) g.id, r.store FROM r JOIN all_region g ON g.name = r.region ORDER BY r.store, r.n
    ON CONFLICT (org_id, name) DO NOTHING RETURNING id, name
),
all_store AS (SELECT id, name FROM store WHERE name IN (SELECT store FROM r) UNION ALL SELECT id, name FROM new_store),
new_project AS (
    INSERT INTO project (store_id, name, code, city, district, block, address, lon, lat, position_precision, kind)
    SELECT DISTINCT ON (r.city, r.project) s.id, r.project, r.project_code, r.city, r.district, r.block, r.address,
           r.lon, r.lat, r.position_precision, r.project_kind
    FROM r JOIN all_store s ON s.name = r.store
    ORDER BY r.city, r.project, r.lon IS NULL, r.n
    ON CONFLICT (org_id, city, name) DO NOTHING RETURNING id, city, name
),
all_project AS (
    SELECT id, city, name FROM project WHERE (city, name) IN (SELECT city, project FROM r)
    UNION ALL SELECT id, city, name FROM new_project
),
new_building AS (
    INSERT INTO building (project_id, scope_id, name, code)
    SELECT DISTINCT ON (p.id, r.building) p.id, p.id, r.building_name, r.building
    FROM r JOIN all_project p ON p.city = r.city AND p.name = r.project
    ORDER BY p.id, r.building, r.n
    ON CONFLICT (org_id, project_id, code) DO NOTHING RETURNING id
)
SELECT 'region' AS kind, id FROM new_region
UNION ALL SELECT 'store', id FROM new_store
UNION ALL SELECT 'project', id FROM new_project
UNION ALL SELECT 'building', id FROM new_building
