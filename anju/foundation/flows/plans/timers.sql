-- What the clock says about each limit whose moment has come: a warning, a breach, or nothing more (the case moved on).
SELECT l.id AS subject_id, l.case_id,
       CASE WHEN c.closed_at IS NOT NULL OR c.paused_at IS NOT NULL THEN 'not_counting'
            WHEN l.due_at <= %(now)s::timestamptz THEN 'breached'
            ELSE 'warned' END AS code,
       jsonb_build_object('case', l.case_id, 'limit', l.key, 'due', l.due_at)::text AS detail
FROM flow_limit l JOIN flow_case c ON c.id = l.case_id
WHERE l.next_at <= %(now)s::timestamptz AND l.id BETWEEN %(lo)s AND %(hi)s
