-- Projects of 2,000 rooms in five buildings, one floor of rooms each; numbered on from %(first)s.
WITH r AS (
    INSERT INTO region (name) SELECT '测试区域 ' || %(first)s RETURNING id
),
s AS (
    INSERT INTO store (region_id, name) SELECT id, '测试门店 ' || %(first)s FROM r RETURNING id
),
p AS (
    INSERT INTO project (store_id, name, code, city, district, block, address, position_precision, kind)
    SELECT s.id, '测试项目 ' || n, 'T' || n, '杭州', '', '', '', '', 'apartment'
    FROM s, generate_series(%(first)s::int / 2000, (%(first)s::int + %(count)s::int - 1) / 2000) AS n
    RETURNING id, code
),
b AS (
    INSERT INTO building (project_id, scope_id, name, code)
    SELECT p.id, p.id, k || '号楼', k::text FROM p, generate_series(1, 5) AS k
    RETURNING id, scope_id, code
)
INSERT INTO unit (building_id, scope_id, kind, code, entrance, floor, line, layout, orientation, state, leaf)
SELECT b.id, b.scope_id, 'room', b.code || '-' || lpad(u::text, 4, '0'), '', u / 20 + 1, '', '', '', 'available', true
FROM b, generate_series(0, 399) AS u
