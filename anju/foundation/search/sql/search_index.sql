-- Adds or replaces entries: a jsonb array of {kind, subject_id, scope_id, title, handle, detail, words, keys[]}.
-- `words` and `keys` are in lower case, keys folded by search_fold; blind indexes are '#p' or '#t' and the bytes in hex.
CREATE OR REPLACE FUNCTION search_index(p_rows jsonb) RETURNS integer LANGUAGE plpgsql
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
    ), had AS MATERIALIZED (  -- by entry: thousands share a surname's key
        SELECT s.id, s.entry_id, s.scope_id, s.key FROM written w JOIN search_key s ON s.entry_id = w.id
    ), gone AS (
        DELETE FROM search_key s USING had h
        WHERE s.id = h.id AND NOT EXISTS (
            SELECT 1 FROM wanted x
            WHERE x.entry_id = h.entry_id AND x.key = h.key AND x.scope_id IS NOT DISTINCT FROM h.scope_id)
    ), added AS (
        INSERT INTO search_key (entry_id, kind, scope_id, key)
        SELECT DISTINCT x.entry_id, x.kind, x.scope_id, x.key FROM wanted x
        WHERE NOT EXISTS (
            SELECT 1 FROM had h
            WHERE x.entry_id = h.entry_id AND x.key = h.key AND x.scope_id IS NOT DISTINCT FROM h.scope_id)
    )
    SELECT count(*) INTO v_count FROM written;
    RETURN v_count;
END $$;
