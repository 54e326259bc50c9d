-- What a step is at is left to it, and looked at again the next time: the timer waits for nobody, and nobody for both.
held AS MATERIALIZED (
    SELECT l.id FROM flow_limit l JOIN plan p ON p.subject_id = l.id
    WHERE l.next_at <= %(now)s::timestamptz FOR UPDATE OF l SKIP LOCKED
),
marked AS (
    UPDATE flow_limit l SET
        next_at = CASE WHEN p.code = 'warned' THEN l.due_at END,
        warned_at = CASE WHEN p.code = 'warned' THEN l.warn_at ELSE l.warned_at END,
        breached_at = CASE WHEN p.code = 'breached' THEN l.due_at ELSE l.breached_at END,
        state = CASE WHEN p.code = 'breached' THEN 'breached' ELSE l.state END,
        pending = CASE p.code WHEN 'warned' THEN 'warn' WHEN 'breached' THEN 'breach' ELSE l.pending END
    FROM plan p JOIN held h ON h.id = p.subject_id WHERE l.id = p.subject_id AND l.next_at <= %(now)s::timestamptz
    RETURNING l.id
),
decided AS (
    SELECT p.subject_id, CASE WHEN m.id IS NULL THEN 'moved_on' ELSE p.code END AS code, m.id AS effect_id, p.detail
    FROM plan p LEFT JOIN marked m ON m.id = p.subject_id
)
