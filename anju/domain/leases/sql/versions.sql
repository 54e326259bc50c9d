-- Versions with their rates and fees, as parts of a larger statement; ids were taken from the sequence.
new_version AS (
    INSERT INTO lease_version (id, lease_id, n, effective_from, terms, proration, deposit, reason, made_at)
    SELECT id, lease_id, n, effective_from, terms::jsonb, proration, deposit, reason, %(at)s
    FROM unnest(%(v_id)s::bigint[], %(v_lease)s::bigint[], %(v_n)s::int[], %(v_from)s::date[], %(v_terms)s::text[],
                %(v_proration)s::text[], %(v_deposit)s::numeric[], %(v_reason)s::text[])
         AS v(id, lease_id, n, effective_from, terms, proration, deposit, reason)
),
new_rate AS (
    INSERT INTO lease_rate (version_id, lease_id, from_on, to_on, continues_on, monthly)
    SELECT * FROM unnest(%(r_version)s::bigint[], %(r_lease)s::bigint[], %(r_from)s::date[], %(r_to)s::date[],
                         %(r_continues)s::date[], %(r_monthly)s::numeric[])
),
new_fee AS (
    INSERT INTO lease_fee (version_id, lease_id, kind, name, per, amount, from_on, to_on)
    SELECT * FROM unnest(%(f_version)s::bigint[], %(f_lease)s::bigint[], %(f_kind)s::text[], %(f_name)s::text[],
                         %(f_per)s::text[], %(f_amount)s::numeric[], %(f_from)s::date[], %(f_to)s::date[])
)
