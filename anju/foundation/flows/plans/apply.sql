marked AS (
    UPDATE flow_limit l SET
        next_at = CASE WHEN p.code = 'warned' THEN l.due_at END,
        warned_at = CASE WHEN p.code = 'warned' THEN l.warn_at ELSE l.warned_at END,
        breached_at = CASE WHEN p.code = 'breached' THEN l.due_at ELSE l.breached_at END,
        state = CASE WHEN p.code = 'breached' THEN 'breached' ELSE l.state END,
        pending = CASE p.code WHEN 'warned' THEN 'warn' WHEN 'breached' THEN 'breach' ELSE l.pending END
    FROM plan p WHERE l.id = p.subject_id AND l.next_at <= %(now)s::timestamptz
    RETURNING l.id
),
decided AS (
    SELECT p.subject_id, p.code, m.id AS effect_id, p.detail FROM plan p JOIN marked m ON m.id = p.subject_id
)
