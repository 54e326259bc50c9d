-- Where one kind of repair comes again and again: first on one riser (building, entrance, line), then, of what no hot
-- riser explains, on one band of floors of an entrance. With the inspection that is open for it or was lately.
WITH mine AS (
    SELECT o.building_id, coalesce(u.entrance, '') AS entrance, o.kind, o.line, o.floor,
           floor((o.floor - 1)::numeric / %(floors)s)::int AS band
    FROM flow_case c JOIN work_order o ON o.case_id = c.id LEFT JOIN unit u ON u.id = o.unit_id
    WHERE c.flow = %(flow)s AND c.opened_at >= %(since)s AND c.stage <> 'void'
      AND (%(scopes)s::bigint[] IS NULL OR o.scope_id = ANY(%(scopes)s::bigint[]))
      AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
), risers AS (
    SELECT building_id, entrance, kind, line, count(*)::int AS n, min(floor) AS low, max(floor) AS high
    FROM mine WHERE line <> '' AND (%(kind)s = '' OR kind = %(kind)s)
    GROUP BY building_id, entrance, kind, line HAVING count(*) >= %(hot_from)s
), bands AS (
    SELECT m.building_id, m.entrance, m.kind, m.band, count(*)::int AS n, min(m.floor) AS low, max(m.floor) AS high
    FROM mine m LEFT JOIN risers r USING (building_id, entrance, kind, line)
    WHERE m.band IS NOT NULL AND r.n IS NULL AND (%(kind)s = '' OR m.kind = %(kind)s)
    GROUP BY m.building_id, m.entrance, m.kind, m.band HAVING count(*) >= %(hot_from)s
), spots AS (
    SELECT building_id, entrance, kind, line, NULL::int AS band, n, low, high FROM risers
    UNION ALL SELECT building_id, entrance, kind, '', band, n, low, high FROM bands
), named AS (
    SELECT s.*, concat_ws(':', s.building_id, s.kind, s.entrance, s.line, s.band) AS key,
           b.name AS building, b.scope_id, p.name AS project,
           (SELECT count(*)::int FROM mine m WHERE m.building_id = s.building_id AND m.entrance = s.entrance
            AND (s.low IS NULL OR m.floor BETWEEN s.low AND s.high)) AS around
    FROM spots s JOIN building b ON b.id = s.building_id JOIN project p ON p.id = b.project_id
)
SELECT named.*, i.id AS inspection_id, i.number AS inspection,
       EXISTS (SELECT FROM flow_case e WHERE e.flow = %(inspection)s AND e.opened_at >= %(since)s
               AND e.dedupe = named.key) AS looked_at
FROM named LEFT JOIN flow_case i ON i.flow = %(inspection)s AND i.dedupe = named.key AND i.closed_at IS NULL
ORDER BY named.n DESC, named.building_id, named.key LIMIT %(most)s
