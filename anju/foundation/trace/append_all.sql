-- Appends one event to each of many streams of one kind, at most one to a stream, by one statement. The caller holds a lock
-- on what each stream is about, or has just made it: two first events of one stream at once would refuse each other.
-- Links name the stream they belong to.
CREATE FUNCTION trace_append_all(
    p_kind text, p_streams bigint[], p_at timestamptz, p_wall timestamptz, p_actor text, p_action text, p_bodies text[],
    p_link_streams bigint[], p_link_kinds text[], p_link_ids bigint[]
) RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    WITH head AS MATERIALIZED (
        SELECT stream_id, seq, hash FROM trace_head WHERE stream_kind = p_kind AND stream_id = ANY(p_streams)
        ORDER BY stream_id FOR UPDATE
    ), place AS MATERIALIZED (
        SELECT e.stream, e.body, coalesce(h.seq, 0) + 1 AS seq, coalesce(h.hash, '\x'::bytea) AS prev
        FROM unnest(p_streams, p_bodies) AS e(stream, body) LEFT JOIN head h ON h.stream_id = e.stream
    ), hashed AS MATERIALIZED (
        SELECT *, sha256(prev || convert_to(concat_ws(E'\n',
            current_setting('anju.org')::bigint, p_kind, stream, seq,
            to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            to_char(p_wall AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            p_actor, p_action, '-', '-', body), 'UTF8')) AS hash
        FROM place
    ), written AS (
        INSERT INTO trace_event (stream_kind, stream_id, seq, at, wall_at, actor, action, body, prev, hash)
        SELECT p_kind, stream, seq, p_at, p_wall, p_actor, p_action, body, prev, hash FROM hashed ORDER BY stream
        RETURNING id, stream_id
    ), headed AS (
        INSERT INTO trace_head (stream_kind, stream_id, seq, hash)
        SELECT p_kind, stream, seq, hash FROM hashed ORDER BY stream
        ON CONFLICT (org_id, stream_kind, stream_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash
    )
    INSERT INTO trace_link (subject_kind, subject_id, event_id)
    SELECT l.kind, l.id, w.id
    FROM unnest(p_link_streams, p_link_kinds, p_link_ids) WITH ORDINALITY AS l(stream, kind, id, n)
    JOIN written w ON w.stream_id = l.stream ORDER BY w.id, l.n;
END $$;
