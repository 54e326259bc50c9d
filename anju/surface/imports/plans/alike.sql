-- Rows that are alike but not the same (two flats of one size at two rents) are two things: the second gets "#2" to its
-- key. Counted in the order of the file, so the same file gives the same keys again.
WITH distinct_rows AS (
    SELECT key, digest, row_number() OVER (PARTITION BY key ORDER BY min(n)) AS nth
    FROM import_row WHERE file_id = %(file)s AND NOT done AND problems = '[]' AND key !~ '#[0-9]+$'
    GROUP BY key, digest
)
UPDATE import_row r SET key = r.key || '#' || d.nth
FROM distinct_rows d
WHERE r.file_id = %(file)s AND NOT r.done AND r.problems = '[]' AND d.nth > 1 AND d.key = r.key AND d.digest = r.digest
