-- Rows of one group (several tenants of one lease) are applied together, led by the first of them. The staged key is
-- "group␟key": it is taken apart here, once.
WITH grouped AS (
    SELECT id, min(n) OVER (PARTITION BY split_part(key, E'\x1f', 1)) AS lead
    FROM import_row WHERE file_id = %(file)s AND NOT done AND problems = '[]'
)
UPDATE import_row r SET lead = g.lead FROM grouped g WHERE r.id = g.id AND r.lead <> g.lead
