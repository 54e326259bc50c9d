-- Repairs of a window by building, entrance and band of floors. The busiest buildings only; a cell without orders is
-- there when rooms are, so that what is missing in the answer is no floor at all. Band -999: no floor was entered.
WITH mine AS (
    SELECT o.building_id, coalesce(u.entrance, '') AS entrance,
           coalesce(floor((o.floor - 1)::numeric / %(floors)s)::int, -999) AS band
    FROM flow_case c JOIN work_order o ON o.case_id = c.id LEFT JOIN unit u ON u.id = o.unit_id
    WHERE c.flow = %(flow)s AND c.opened_at >= %(since)s AND c.stage <> 'void'
      AND (%(scopes)s::bigint[] IS NULL OR o.scope_id = ANY(%(scopes)s::bigint[]))
      AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
      AND (%(kind)s = '' OR o.kind = %(kind)s)
), busy AS (
    SELECT building_id, count(*) AS all_of_it FROM mine GROUP BY building_id ORDER BY all_of_it DESC, building_id
    LIMIT %(most)s
), counts AS (
    SELECT building_id, entrance, band, count(*)::int AS n FROM mine JOIN busy USING (building_id)
    GROUP BY building_id, entrance, band
), shape AS (
    SELECT building_id, entrance, floor((min(floor) - 1)::numeric / %(floors)s)::int AS low,
           floor((max(floor) - 1)::numeric / %(floors)s)::int AS high
    FROM unit JOIN busy USING (building_id) WHERE floor IS NOT NULL GROUP BY building_id, entrance
), grid AS (
    SELECT building_id, entrance, band FROM shape CROSS JOIN LATERAL generate_series(low, high) AS band
)
SELECT b.id AS building_id, b.name AS building, p.name AS project, entrance, band, coalesce(n, 0) AS n,
       (SELECT count(DISTINCT building_id) FROM mine)::int AS buildings
FROM grid FULL JOIN counts USING (building_id, entrance, band)
JOIN building b ON b.id = building_id JOIN project p ON p.id = b.scope_id
ORDER BY b.scope_id, b.name, b.id, entrance, band
