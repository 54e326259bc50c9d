-- Orders %(first)s and the next %(count)s: drawn evenly over homes and sayings. Past ones lie in the two years before
-- %(now)s and are closed, open ones in its last 24 hours with three limits running.
WITH home AS MATERIALIZED (
    SELECT lu.lease_id, l.payer_id, l.scope_id, u.id AS unit_id, u.building_id, u.floor, u.line,
           row_number() OVER (ORDER BY lu.id) - 1 AS n
    FROM lease_unit lu JOIN lease l ON l.id = lu.lease_id JOIN unit u ON u.id = lu.unit_id
),
saying AS MATERIALIZED (
    SELECT s.*, row_number() OVER () - 1 AS n
    FROM jsonb_to_recordset(%(sayings)s::jsonb)
         AS s(spot text, said text, kind text, terms text[], priority int, cues text[], title text)
),
drawn AS MATERIALIZED (
    SELECT nextval('flow_case_id_seq') AS case_id, nextval('work_order_id_seq') AS order_id, i,
           abs(hashint8(i)::bigint) %% (SELECT count(*) FROM home) AS home_n,
           abs(hashint8(i + 7919)::bigint) %% (SELECT count(*) FROM saying) AS saying_n,
           %(now)s::timestamptz - CASE WHEN %(open)s THEN interval '24 hours' ELSE interval '730 days' END
               * ((abs(hashint8(i + 104729)::bigint) %% 10000) / 10000.0) AS at
    FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(count)s::bigint - 1) AS i
),
made AS MATERIALIZED (
    SELECT d.case_id, d.order_id, d.i, d.at, h.lease_id, h.payer_id, h.scope_id, h.unit_id, h.building_id, h.floor,
           h.line, s.spot, s.said, s.kind, s.terms, s.priority, s.cues, s.title
    FROM drawn d JOIN home h ON h.n = d.home_n JOIN saying s ON s.n = d.saying_n
),
opened AS (
    INSERT INTO flow_case (id, number, flow, version_id, stage, subject_kind, subject_id, scope_id, title, persons,
        team, escalated, priority, facts, photos, due_at, warn_at, pause_reason, opened_by, opened_at, stage_at,
        closed_at, rev)
    SELECT case_id, 'B' || i, 'repair', %(version)s, CASE WHEN %(open)s THEN 'new' ELSE 'done' END, 'workorder', order_id,
           scope_id, title, ARRAY[payer_id], CASE WHEN %(open)s THEN 'maintenance' ELSE '' END, '', priority, '{}', 1,
           CASE WHEN %(open)s THEN %(now)s::timestamptz + interval '2 days' END, NULL, '', 'tenant:' || payer_id, at, at,
           CASE WHEN NOT %(open)s THEN at + interval '1 day' END, 1
    FROM made
),
ordered AS (
    INSERT INTO work_order (id, case_id, unit_id, building_id, scope_id, floor, line, spot, kind, said, terms, suggested,
        cues, source, opened_at, remark)
    SELECT order_id, case_id, unit_id, building_id, scope_id, floor, line, spot, kind, said, terms, priority, cues,
           'portal', at, ''
    FROM made
),
limited AS (
    INSERT INTO flow_limit (case_id, key, started_at, due_at, next_at, cause, pending, state)
    SELECT case_id, k, at, %(now)s::timestamptz + interval '2 days', %(now)s::timestamptz + interval '2 days', '', '',
           'running'
    FROM made, unnest(ARRAY['respond', 'onsite', 'mend']) AS k WHERE %(open)s
)
INSERT INTO work_order_report (order_id, person_id, lease_id, by, at)
SELECT order_id, payer_id, lease_id, 'tenant:' || payer_id, at FROM made
