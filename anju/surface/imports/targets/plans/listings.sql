-- A listing is known when an earlier import made a unit of it; then only what differs is changed.
WITH asked AS MATERIALIZED (  -- as columns: an index of a guarded table is not asked about the inside of a document
    SELECT r.id, r.values AS v, encode(sha256(convert_to(r.key, 'UTF8')), 'hex') AS link
    FROM import_row r
    WHERE r.file_id = %(file)s AND r.fate IS NULL AND NOT r.done
      AND (%(leads)s::int[] IS NULL OR r.lead = ANY(%(leads)s::int[]))
), known AS (
    SELECT a.id AS row_id, u.id AS unit_id, a.v, u.guide_rent, u.area, u.layout, u.orientation
    FROM asked a
    LEFT JOIN import_link l ON l.target = 'listings' AND l.key = a.link
    LEFT JOIN unit u ON u.id = l.subject_id
), judged AS (
    SELECT row_id, unit_id, (
        SELECT coalesce(jsonb_agg(jsonb_build_object('field', d.field, 'from', d.was, 'to', d.will, 'id', unit_id)), '[]')
        FROM (VALUES
            ('rent', guide_rent::numeric(14, 2)::text, (v->>'rent')::numeric(14, 2)::text),
            ('area', area::text, (v->>'area')::numeric(10, 2)::text),
            ('layout', layout, v->>'layout'),
            ('orientation', orientation, v->>'orientation')) AS d(field, was, will)
        WHERE unit_id IS NOT NULL AND coalesce(d.will, '') <> '' AND d.was IS DISTINCT FROM d.will
    ) AS changes
    FROM known
)
UPDATE import_row r SET
    fate = CASE WHEN j.unit_id IS NULL THEN 'new' WHEN j.changes = '[]' THEN 'same' ELSE 'changes' END,
    changes = j.changes,
    subject_kind = CASE WHEN j.unit_id IS NULL THEN '' ELSE 'unit' END,
    subject_id = j.unit_id
FROM judged j WHERE r.id = j.row_id
