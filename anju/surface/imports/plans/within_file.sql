-- The fate a row gets from the other rows of its file: the same thing again is a duplicate of the first; the same thing
-- said differently is bad, because nobody knows which is right.
WITH seen AS (
    SELECT id, n, digest,
           first_value(n) OVER same_thing AS first_n,
           first_value(digest) OVER same_thing AS first_digest
    FROM import_row
    WHERE file_id = %(file)s AND NOT done AND problems = '[]'
    WINDOW same_thing AS (PARTITION BY key ORDER BY n)
)
UPDATE import_row r SET
    twin = s.first_n,
    fate = CASE WHEN s.digest = s.first_digest THEN 'duplicate' ELSE 'bad' END,
    problems = CASE WHEN s.digest = s.first_digest THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
        'code', 'import.row.contradicts', 'field', '', 'facts', jsonb_build_array(jsonb_build_array('n', s.first_n)))) END
FROM seen s WHERE r.id = s.id AND s.n > s.first_n
