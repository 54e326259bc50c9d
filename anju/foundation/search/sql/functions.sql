-- The search index, written and read by these functions only. search_find runs as the tables' owner, because @>, LIKE and
-- ^@ are not leakproof and their indexes would not be used under row-level security; organization and row scope are
-- inside it. Each question is planned with its own words (EXECUTE with literals): a generic plan would spoil it.

-- Every pair of neighbouring Chinese characters; equals anju.foundation.search.shape.bigrams.
CREATE FUNCTION search_grams(p_text text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT pair), '{}') FROM (
        SELECT substr(p_text, i, 2) AS pair FROM generate_series(1, length(p_text) - 1) AS i) AS pairs
    WHERE pair ~ '^[㐀-鿿𠀀-𿿿]{2}$'
$$;

-- A code as it is kept: lower case without spaces, dashes, dots, slashes (HZ25-0412 → hz250412).
CREATE FUNCTION search_fold(p_code text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT regexp_replace(lower(p_code), '[[:space:]_./#—–-]|室$|号$|房$|床$', '', 'g')
$$;

CREATE FUNCTION search_remove(p_kind text, p_ids bigint[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM search_key WHERE entry_id IN (
        SELECT id FROM search_entry WHERE kind = p_kind AND subject_id = ANY (p_ids));
    DELETE FROM search_entry WHERE kind = p_kind AND subject_id = ANY (p_ids);
END $$;

-- A text as LIKE takes it literally.
CREATE FUNCTION search_literal(p_text text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT replace(replace(replace(p_text, '\', '\\'), '%', '\%'), '_', '\_')
$$;

-- One word as a condition on entry e.
CREATE FUNCTION search_condition(p_term jsonb, p_org bigint) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT format('(e.words LIKE %L%s%s)', '%' || search_literal(p_term->>'text') || '%',
        CASE WHEN p_term->>'key' <> '' THEN format(
            ' OR EXISTS (SELECT 1 FROM search_key k WHERE k.org_id = %s AND k.entry_id = e.id AND k.key ^@ %L)',
            p_org, p_term->>'key') ELSE '' END,
        CASE WHEN p_term->>'blind' <> '' THEN format(
            ' OR EXISTS (SELECT 1 FROM search_key k WHERE k.org_id = %s AND k.entry_id = e.id AND k.key = %L)',
            p_org, p_term->>'blind') ELSE '' END)
$$;

CREATE FUNCTION search_find(p_terms jsonb, p_kinds text[], p_scopes bigint[], p_limit integer)
RETURNS TABLE (kind varchar, subject_id bigint, title varchar, handle varchar, detail varchar)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF p_limit < 1 OR jsonb_array_length(p_terms) < 1 THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE search_query(p_terms, p_kinds, p_scopes, p_limit, current_setting('anju.org')::bigint);
END $$;

-- The plan of the same question, run as the owner, for the tests: which index answers.
CREATE FUNCTION search_plan(p_terms jsonb, p_kinds text[], p_scopes bigint[], p_limit integer)
RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN ' || search_query(p_terms, p_kinds, p_scopes, p_limit,
        current_setting('anju.org')::bigint);
END $$;

REVOKE ALL ON FUNCTION search_find(jsonb, text[], bigint[], integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION search_plan(jsonb, text[], bigint[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_find(jsonb, text[], bigint[], integer) TO anju_app;
GRANT EXECUTE ON FUNCTION search_plan(jsonb, text[], bigint[], integer) TO anju_app;

-- org_id as text: no b-tree fits that condition, so the planner cannot be tempted away by missing statistics. One index
-- for both, so that it cannot choose the wrong one either.
CREATE INDEX search_entry_text_ix ON search_entry USING gin ((org_id::text), grams, words gin_trgm_ops);
