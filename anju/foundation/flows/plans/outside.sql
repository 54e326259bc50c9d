-- Why a limit is not looked at now.
SELECT CASE WHEN l.id IS NULL THEN 'unknown' WHEN l.ended_at IS NOT NULL THEN 'over'
            WHEN l.breached_at IS NOT NULL THEN 'breached_before' WHEN l.left_minutes IS NOT NULL THEN 'paused'
            ELSE 'running' END AS code,
       jsonb_build_object('due', to_char(l.due_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'),
                          'left', coalesce(l.left_minutes, 0)) AS detail
FROM (SELECT %(only)s::bigint AS id) asked LEFT JOIN flow_limit l ON l.id = asked.id
