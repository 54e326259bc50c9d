-- Running cases %(first)s and the next %(count)s, a limit each: every hundredth is due at %(now)s (half of them to be
-- warned of, half passed), the others in three days.
WITH made AS MATERIALIZED (
    SELECT nextval('flow_case_id_seq') AS case_id, i, i %% 100 = 0 AS due, i %% 200 = 0 AS passed
    FROM generate_series(%(first)s::bigint, %(first)s::bigint + %(count)s::bigint - 1) AS i
),
timed AS MATERIALIZED (
    SELECT *, %(now)s::timestamptz + CASE WHEN passed THEN interval '-1 minute' WHEN due THEN interval '30 minutes'
                                          ELSE interval '3 days' END AS due_at FROM made
),
opened AS (
    INSERT INTO flow_case (id, number, flow, version_id, stage, subject_kind, subject_id, title, persons, team, escalated,
        priority, facts, photos, due_at, warn_at, pause_reason, opened_by, opened_at, stage_at, rev)
    SELECT case_id, 'B' || i, 'repair', %(version)s, 'new', '', 0, '报修', '{}', 'maintenance', '', 2, '{}', 0, due_at,
           due_at - interval '60 minutes', '', 'system', %(now)s, %(now)s, 1
    FROM timed
)
INSERT INTO flow_limit (case_id, key, started_at, warn_at, due_at, next_at, cause, pending, state)
SELECT case_id, 'mend', %(now)s, due_at - interval '60 minutes', due_at, due_at - interval '60 minutes', '', '', 'running'
FROM timed
