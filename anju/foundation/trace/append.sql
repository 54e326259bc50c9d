-- Appends one event to its subject's chain and returns its id. The envelope's text form is the contract of
-- anju.foundation.trace.proof.envelope: change both or neither.
CREATE FUNCTION trace_append(
    p_kind text, p_stream bigint, p_at timestamptz, p_wall timestamptz, p_actor text, p_action text,
    p_version bigint, p_run bigint, p_body text, p_link_kinds text[], p_link_ids bigint[]
) RETURNS bigint LANGUAGE plpgsql SET search_path = public AS $$
DECLARE
    v_seq bigint; v_prev bytea; v_hash bytea; v_id bigint;
    v_org bigint := current_setting('anju.org')::bigint;
BEGIN
    INSERT INTO trace_head (stream_kind, stream_id, seq, hash) VALUES (p_kind, p_stream, 0, '\x'::bytea)
    ON CONFLICT (org_id, stream_kind, stream_id) DO NOTHING;
    SELECT seq + 1, hash INTO v_seq, v_prev FROM trace_head
    WHERE stream_kind = p_kind AND stream_id = p_stream FOR UPDATE;
    v_hash := sha256(v_prev || convert_to(concat_ws(E'\n',
        v_org, p_kind, p_stream, v_seq,
        to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        to_char(p_wall AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        p_actor, p_action, coalesce(p_version::text, '-'), coalesce(p_run::text, '-'), p_body), 'UTF8'));
    INSERT INTO trace_event (stream_kind, stream_id, seq, at, wall_at, actor, action, version_id, run_id, body, prev, hash)
    VALUES (p_kind, p_stream, v_seq, p_at, p_wall, p_actor, p_action, p_version, p_run, p_body, v_prev, v_hash)
    RETURNING id INTO v_id;
    UPDATE trace_head SET seq = v_seq, hash = v_hash WHERE stream_kind = p_kind AND stream_id = p_stream;
    IF cardinality(p_link_kinds) > 0 THEN
        INSERT INTO trace_link (subject_kind, subject_id, event_id)
        SELECT k, i, v_id FROM unnest(p_link_kinds, p_link_ids) AS l(k, i);
    END IF;
    RETURN v_id;
END $$;
