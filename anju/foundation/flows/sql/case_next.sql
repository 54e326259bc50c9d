-- A case as whoever wants it sees it, after whoever is taking it now has it or has failed. The first takes a lock that ends
-- with the transaction; all others wait for that one end, together, so that none waits for the others who lose. The row's
-- own lock decides as before who gets it. Each statement in here sees what was committed when it begins.
CREATE FUNCTION flow_case_next(p_case bigint)
RETURNS TABLE (id bigint, number varchar, flow varchar, version_id bigint, scope_id bigint, persons bigint[],
    assignee bigint, closed_at timestamptz, follows_id bigint, held_by varchar)
LANGUAGE plpgsql SET search_path = public AS $$
#variable_conflict use_column
DECLARE v_key bigint := hashtextextended('flow_case:' || p_case, current_setting('anju.org')::bigint);
BEGIN
    PERFORM FROM flow_case c WHERE c.id = p_case AND c.assignee IS NULL AND c.closed_at IS NULL;
    IF FOUND AND NOT pg_try_advisory_xact_lock(v_key) THEN
        PERFORM pg_advisory_xact_lock_shared(v_key);
    END IF;
    RETURN QUERY
    SELECT c.id, c.number, c.flow, c.version_id, c.scope_id, c.persons, c.assignee, c.closed_at, c.follows_id, s.name
    FROM flow_case c LEFT JOIN staff s ON s.id = c.assignee WHERE c.id = p_case;
END $$;
