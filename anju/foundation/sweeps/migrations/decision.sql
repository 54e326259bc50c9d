-- Decisions: monthly partitions, no foreign keys, one index for "what was decided about this one".
CREATE TABLE decision (
    org_id bigint NOT NULL DEFAULT current_setting('anju.org')::bigint,
    as_of date NOT NULL,
    run_id bigint NOT NULL,
    subject_id bigint NOT NULL,
    code varchar(40) NOT NULL,
    version_id bigint,
    effect_id bigint,
    detail text
) PARTITION BY RANGE (as_of);
CREATE INDEX decision_subject_ix ON decision (org_id, subject_id, as_of);
ALTER TABLE decision ENABLE ROW LEVEL SECURITY;
CREATE POLICY decision_org ON decision USING (org_id = (SELECT current_setting('anju.org')::bigint))
    WITH CHECK (org_id = (SELECT current_setting('anju.org')::bigint));
REVOKE UPDATE, DELETE, TRUNCATE ON decision FROM anju_app;

-- Partitions are made on demand by the owner's function: the application role owns nothing, and may not reach a
-- partition directly, where the parent's row-level security would not apply.
CREATE FUNCTION decision_partition(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', day)::date;
    part text := 'decision_' || to_char(day, 'YYYY_MM');
BEGIN
    IF to_regclass(part) IS NULL THEN
        BEGIN
            EXECUTE format('CREATE TABLE %I PARTITION OF decision FOR VALUES FROM (%L) TO (%L)',
                           part, first, (first + interval '1 month')::date);
            EXECUTE format('REVOKE ALL ON %I FROM anju_app', part);
        EXCEPTION WHEN duplicate_table OR unique_violation THEN
            NULL;  -- another worker made it while we waited
        END;
    END IF;
END $$;
