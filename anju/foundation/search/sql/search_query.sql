-- The query that finds the candidates of the first word by its index, and the conditions of the others. A code that
-- thousands share ("1203") is not read whole: its shortest keys come first in the index, and so many are enough. Each
-- entry behind a key lies somewhere else on the disk: few are read. Entries with a text are sorted by how well they fit.
CREATE OR REPLACE FUNCTION search_query(p_terms jsonb, p_kinds text[], p_scopes bigint[], p_limit integer, p_org bigint)
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_first jsonb := p_terms->0;
    v_reach text := format('kind = ANY (%L::text[])', p_kinds) || CASE WHEN p_scopes IS NULL THEN '' ELSE format(' AND scope_id = ANY (%L::bigint[])', p_scopes) END;
    v_enough text := format(' LIMIT %s', greatest(p_limit * 3, 60));
    v_find text;
    v_rest text := 'true';
BEGIN
    FOR i IN 1 .. jsonb_array_length(p_terms) - 1 LOOP
        v_rest := v_rest || ' AND ' || search_condition(p_terms->i, p_org);
        v_enough := '';  -- the other words choose among all of them
    END LOOP;
    IF v_first->>'route' = 'key' THEN
        v_find := format('(SELECT entry_id FROM search_key WHERE org_id = %s AND %s AND key ^@ %L ORDER BY key%s)',
            p_org, v_reach, v_first->>'key', v_enough);
        IF v_first->>'blind' <> '' THEN
            v_find := format('(SELECT entry_id FROM search_key WHERE org_id = %s AND %s AND key = %L%s) UNION ALL ',
                p_org, v_reach, v_first->>'blind', v_enough) || v_find;
        END IF;
        v_find := format('SELECT e.* FROM (SELECT DISTINCT entry_id FROM (%s) AS f) AS k'
            ' JOIN search_entry e ON e.org_id = %s AND e.id = k.entry_id WHERE %s', v_find, p_org, v_rest);
    ELSE
        -- The reach comes after the index has spoken: its columns belong to b-trees that answer slower.
        v_find := format('SELECT e.* FROM (SELECT * FROM search_entry WHERE org_id::text = %L AND %s OFFSET 0) AS e'
            ' WHERE %s AND %s', p_org,
            CASE v_first->>'route' WHEN 'bigram' THEN format('grams @> %L::text[] AND strpos(words, %L) > 0',
                ARRAY(SELECT jsonb_array_elements_text(v_first->'grams')), v_first->>'text')
            ELSE format('words LIKE %L', '%' || search_literal(v_first->>'text') || '%') END, v_reach, v_rest);
    END IF;
    RETURN format('WITH found AS MATERIALIZED (%s LIMIT %s) SELECT kind, subject_id, title, handle, detail FROM found'
        ' ORDER BY lower(title) <> %L, length(title), title, handle, subject_id LIMIT %s',
        v_find, greatest(p_limit * 6, 120), v_first->>'text', p_limit);
END $$;
