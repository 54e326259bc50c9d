-- What a rent roll's row will do: nothing (the lease is there), make a lease, or be handed back because what is recorded
-- says otherwise. A lease is recognised by its unit and first day; a change of terms is an amendment, not an import.
WITH asked AS MATERIALIZED (  -- as columns: an index of a guarded table is not asked about the inside of a document
    SELECT r.id, r.n, r.lead, r.phone_blind, r.document_blind, r.values->>'name' AS name, r.values->>'lease_number' AS number,
           (r.values->>'start')::date AS start_on, (r.values->>'end_on')::date AS end_on,
           (r.values->>'rent')::numeric AS rent, r.values->>'cycle' AS cycle,
           r.values->>'city' AS city, r.values->>'project' AS project, r.values->>'unit' AS unit
    FROM import_row r
    WHERE r.file_id = %(file)s AND r.fate IS NULL AND NOT r.done
      AND (%(leads)s::int[] IS NULL OR r.lead = ANY(%(leads)s::int[]))
), placed AS (
    SELECT a.*, u.id AS unit_id, u.parent_id
    FROM asked a
    LEFT JOIN project p ON p.city = a.city AND p.name = a.project
    LEFT JOIN unit u ON u.scope_id = p.id AND u.code = a.unit
), led AS (  -- rows of one lease must agree with the first of them
    SELECT p.*, f.n AS lead_n,
           f.n IS NOT NULL AND (f.end_on, f.rent, f.cycle) IS DISTINCT FROM (p.end_on, p.rent, p.cycle) AS disagrees
    FROM placed p LEFT JOIN placed f ON f.n = p.lead AND f.n <> p.n
), crossing AS (  -- another row of the file lets the same unit on the same days; the earlier row wins
    SELECT a.id, min(b.n) AS n
    FROM placed a JOIN placed b ON b.city = a.city AND b.project = a.project AND b.unit = a.unit AND b.lead < a.lead
     AND daterange(a.start_on, a.end_on) && daterange(b.start_on, b.end_on)
    GROUP BY a.id
), shared AS (  -- one lease number on two units: nobody can say which rent is whose
    SELECT a.id, min(b.n) AS n
    FROM placed a JOIN placed b ON b.number = a.number AND b.lead < a.lead WHERE a.number <> '' GROUP BY a.id
), known AS (  -- the lease that is there: of this unit, since this day
    SELECT DISTINCT ON (p.id) p.id AS row_id, l.id, l.number, l.end_on, (v.terms->>'price')::numeric AS price
    FROM placed p
    JOIN lease_unit lu ON lu.unit_id = p.unit_id
    JOIN lease l ON l.id = lu.lease_id AND l.start_on = p.start_on AND l.status NOT IN ('cancelled', 'draft')
    LEFT JOIN lease_version v ON v.id = l.current_version_id
    ORDER BY p.id, l.id
), party AS (  -- and the row's person is one of its tenants
    SELECT DISTINCT p.id AS row_id
    FROM placed p
    JOIN known k ON k.row_id = p.id
    JOIN lease_party lp ON lp.lease_id = k.id
    JOIN person pe ON pe.id = lp.person_id AND pe.name = p.name
    WHERE EXISTS (SELECT FROM contact_point cp WHERE cp.person_id = pe.id AND cp.blind = p.phone_blind)
       OR EXISTS (SELECT FROM identity_document d WHERE d.person_id = pe.id AND d.blind = p.document_blind)
), held AS (  -- another lease holds the unit, a part of it, or what it is a part of
    SELECT DISTINCT ON (h.row_id) h.row_id, l.number
    FROM (
        SELECT p.id AS row_id, lu.lease_id FROM placed p JOIN lease_unit lu ON lu.leaf_unit_id = p.unit_id
        WHERE lu.occupied && daterange(p.start_on, p.end_on)
        UNION
        SELECT p.id, lu.lease_id FROM placed p JOIN lease_unit lu ON lu.unit_id = p.unit_id
        WHERE lu.occupied && daterange(p.start_on, p.end_on)
        UNION
        SELECT p.id, lu.lease_id FROM placed p JOIN lease_unit lu ON lu.unit_id = p.parent_id
        WHERE lu.occupied && daterange(p.start_on, p.end_on)
    ) h JOIN lease l ON l.id = h.lease_id AND l.status <> 'cancelled'
    ORDER BY h.row_id, l.id
), judged AS (
    SELECT p.id,
        CASE
            WHEN p.disagrees THEN 'import.row.contradicts'
            WHEN c.n IS NOT NULL THEN 'import.row.crosses'
            WHEN s.n IS NOT NULL THEN 'import.row.number_shared'
            WHEN known.id IS NOT NULL AND party.row_id IS NULL THEN 'import.row.other_tenant'
            WHEN known.id IS NOT NULL AND known.end_on <> p.end_on THEN 'import.row.other_end'
            WHEN known.id IS NOT NULL AND known.price <> p.rent THEN 'import.row.other_rent'
            WHEN known.id IS NOT NULL THEN 'same'
            WHEN numbered.id IS NOT NULL THEN 'import.row.number_taken'
            WHEN held.number IS NOT NULL THEN 'import.row.occupied'
            ELSE 'new'
        END AS code,
        known.id AS lease_id,
        jsonb_build_object(
            'n', coalesce(CASE WHEN p.disagrees THEN p.lead_n END, c.n, s.n), 'lease', coalesce(known.number, held.number, p.number),
            'recorded', CASE WHEN known.end_on <> p.end_on THEN (known.end_on - 1)::text ELSE known.price::text END) AS facts
    FROM led p
    LEFT JOIN crossing c ON c.id = p.id
    LEFT JOIN shared s ON s.id = p.id
    LEFT JOIN known ON known.row_id = p.id
    LEFT JOIN party ON party.row_id = p.id
    LEFT JOIN held ON held.row_id = p.id
    LEFT JOIN lease numbered ON p.number <> '' AND numbered.number = p.number
)
UPDATE import_row r SET
    fate = CASE WHEN j.code IN ('new', 'same') THEN j.code ELSE 'bad' END,
    subject_kind = CASE WHEN j.lease_id IS NULL THEN '' ELSE 'lease' END,
    subject_id = j.lease_id,
    problems = CASE WHEN j.code IN ('new', 'same') THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
        'code', j.code, 'field', '', 'facts', (SELECT coalesce(jsonb_agg(jsonb_build_array(key, value)), '[]')
                                                FROM jsonb_each(jsonb_strip_nulls(j.facts))))) END
FROM judged j WHERE r.id = j.id
