-- Buildings of ten rooms, two on a floor, a hundred buildings in a project; one for every ten of %(homes)s.
WITH r AS (
    INSERT INTO region (name) VALUES ('测试区域') RETURNING id
),
s AS (
    INSERT INTO store (region_id, name) SELECT id, '测试门店' FROM r RETURNING id
),
wanted AS (
    SELECT n, n / 100 AS project FROM generate_series(0, (%(homes)s::int - 1) / 10) AS n
),
p AS (
    INSERT INTO project (store_id, name, code, city, district, block, address, position_precision, kind)
    SELECT s.id, '测试项目 ' || w.project, 'T' || w.project, '杭州', '', '', '', '', 'apartment'
    FROM s, (SELECT DISTINCT project FROM wanted) w
    RETURNING id, code
),
b AS (
    INSERT INTO building (project_id, scope_id, name, code)
    SELECT p.id, p.id, w.n || '号楼', w.n::text FROM wanted w JOIN p ON p.code = 'T' || w.project
    RETURNING id, scope_id, code
)
INSERT INTO unit (building_id, scope_id, kind, code, entrance, floor, line, layout, orientation, state, leaf)
SELECT b.id, b.scope_id, 'room', b.code || '-1-' || lpad(((u / 2 + 1) * 100 + u %% 2 + 1)::text, 4, '0'), '1', u / 2 + 1,
       '0' || (u %% 2 + 1), '', '', 'available', true
FROM b, generate_series(0, 9) AS u
