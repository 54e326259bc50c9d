-- How many messages could go now and for how long the oldest could have gone, by channel. Runs as the owner, past
-- row-level security, and answers counts only. A drill organization's messages are due by its own clock.
CREATE FUNCTION outbox_state() RETURNS TABLE (channel text, waiting bigint, oldest_s double precision)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT m.channel, count(*), max(extract(epoch FROM business.now - m.due_at))::float
    FROM organization o
    LEFT JOIN org_clock c ON c.org_id = o.id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN c.id IS NULL THEN now() WHEN c.runs THEN c.at + (now() - c.set_at) ELSE c.at END AS now
    ) business
    JOIN message m ON m.org_id = o.id AND m.state = 'queued' AND m.due_at <= business.now
    GROUP BY m.channel
$$;
