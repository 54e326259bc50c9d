-- What a step is at is left to it, and looked at again the next time: the timer waits for nobody, and nobody for both.
-- What was read or written a moment ago has no statistics: it is joined to tables by their key, and never to itself.
held AS MATERIALIZED (
    SELECT l.id, p.code FROM flow_limit l JOIN plan p ON p.subject_id = l.id
    WHERE l.next_at <= %(now)s::timestamptz FOR UPDATE OF l SKIP LOCKED
),
marked AS (
    UPDATE flow_limit l SET
        next_at = CASE WHEN p.code = 'warned' THEN l.due_at END,
        warned_at = CASE WHEN p.code = 'warned' THEN l.warn_at ELSE l.warned_at END,
        breached_at = CASE WHEN p.code = 'breached' THEN l.due_at ELSE l.breached_at END,
        state = CASE WHEN p.code = 'breached' THEN 'breached' ELSE l.state END,
        pending = CASE p.code WHEN 'warned' THEN 'warn' WHEN 'breached' THEN 'breach' ELSE l.pending END
    FROM held p WHERE l.id = p.id AND l.next_at <= %(now)s::timestamptz
    RETURNING l.id
),
decided AS (
    SELECT subject_id, CASE WHEN max(effect_id) IS NULL THEN 'moved_on' ELSE max(code) END AS code,
           max(effect_id) AS effect_id, max(detail) AS detail
    FROM (
        SELECT subject_id, code, NULL::bigint AS effect_id, detail FROM plan
        UNION ALL
        SELECT id, NULL, id, NULL FROM marked
    ) asked_and_marked
    GROUP BY subject_id
)
