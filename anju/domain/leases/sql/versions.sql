-- Versions with their rates and fees, as parts of a larger statement; ids were taken from the sequence.
new_version AS (
    INSERT INTO lease_version (id, lease_id, n, effective_from, terms, proration, deposit, reason, made_at)
    SELECT v.*, %(at)s
    FROM jsonb_to_recordset(%(versions)s::jsonb) AS v(
        id bigint, lease bigint, n int, since date, terms jsonb, proration text, deposit numeric, reason text)
),
new_rate AS (
    INSERT INTO lease_rate (version_id, lease_id, from_on, to_on, continues_on, monthly)
    SELECT r.*
    FROM jsonb_to_recordset(%(rates)s::jsonb) AS r(
        version bigint, lease bigint, since date, until date, continues date, monthly numeric)
),
new_fee AS (
    INSERT INTO lease_fee (version_id, lease_id, kind, name, per, amount, from_on, to_on)
    SELECT f.*
    FROM jsonb_to_recordset(%(fees)s::jsonb) AS f(
        version bigint, lease bigint, kind text, name text, per text, amount numeric, since date, until date)
)
