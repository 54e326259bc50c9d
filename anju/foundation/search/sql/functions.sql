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

-- Adds or replaces entries: a jsonb array of {kind, subject_id, scope_id, title, handle, detail, words, keys[]}.
-- `words` and `keys` are in lower case, keys folded by search_fold; blind indexes are '#p' or '#t' and the bytes in hex.
CREATE FUNCTION search_index(p_rows jsonb) RETURNS integer LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_count integer;
BEGIN
    WITH r AS MATERIALIZED (
        SELECT DISTINCT ON (x.kind, x.subject_id) x.* FROM ROWS FROM (jsonb_to_recordset(p_rows) AS (
            kind text, subject_id bigint, scope_id bigint, title text, handle text, detail text, words text,
            keys jsonb)) WITH ORDINALITY AS x(kind, subject_id, scope_id, title, handle, detail, words, keys, n)
        ORDER BY x.kind, x.subject_id, x.n DESC
    ), written AS (
        INSERT INTO search_entry AS e (kind, subject_id, scope_id, title, handle, detail, words, grams)
        SELECT kind, subject_id, scope_id, left(title, 200), left(coalesce(handle, ''), 120),
               left(coalesce(detail, ''), 200), lower(words), search_grams(words)
        FROM r
        ON CONFLICT (org_id, kind, subject_id) DO UPDATE SET
            scope_id = excluded.scope_id, title = excluded.title, handle = excluded.handle, detail = excluded.detail,
            words = excluded.words, grams = excluded.grams
        RETURNING e.id, e.kind, e.subject_id
    ), wanted AS MATERIALIZED (
        SELECT w.id AS entry_id, w.kind, r.scope_id, k.key FROM written w JOIN r USING (kind, subject_id)
        CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(r.keys, '[]'::jsonb)) AS k(key)
    ), gone AS (
        DELETE FROM search_key s USING written w
        WHERE s.entry_id = w.id AND NOT EXISTS (
            SELECT 1 FROM wanted x
            WHERE x.entry_id = s.entry_id AND x.key = s.key AND x.scope_id IS NOT DISTINCT FROM s.scope_id)
    ), added AS (
        INSERT INTO search_key (entry_id, kind, scope_id, key)
        SELECT DISTINCT x.entry_id, x.kind, x.scope_id, x.key FROM wanted x
        WHERE NOT EXISTS (
            SELECT 1 FROM search_key s
            WHERE x.entry_id = s.entry_id AND x.key = s.key AND x.scope_id IS NOT DISTINCT FROM s.scope_id)
    )
    SELECT count(*) INTO v_count FROM written;
    RETURN v_count;
END $$;

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
