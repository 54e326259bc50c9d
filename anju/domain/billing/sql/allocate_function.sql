-- The allocation as a function, for those who post within the server; and the rule it follows.
CREATE OR REPLACE FUNCTION billing_allocate(p_leases bigint[], p_at timestamptz, p_kinds varchar[], p_kind_first boolean)
RETURNS TABLE (credit_id bigint, charge_id bigint, amount numeric) LANGUAGE plpgsql SET search_path = public AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    {allocate};
END $$;

-- How the billing policy in force at a moment orders what a payment settles. Reads schema 1 of the policy, and refuses another.
CREATE OR REPLACE FUNCTION billing_rule(p_now timestamptz, OUT kinds varchar[], OUT kind_first boolean)
LANGUAGE plpgsql STABLE SET search_path = public AS $$
DECLARE v_schema int;
BEGIN
    SELECT v.schema, ARRAY(SELECT jsonb_array_elements_text(v.body -> 'kind_order')),
           v.body ->> 'settle_order' = 'kind_then_oldest'
    INTO v_schema, kinds, kind_first
    FROM policy_release r JOIN policy_version v ON v.id = r.version_id
    WHERE r.key = 'billing' AND r.scope = 'org' AND r.effective_from <= p_now
      AND NOT EXISTS (SELECT FROM policy_call_off c WHERE c.release_id = r.id)
    ORDER BY r.effective_from DESC LIMIT 1;
    IF v_schema IS DISTINCT FROM 1 THEN
        RAISE EXCEPTION 'billing_rule reads schema 1 of the policy billing, not %', v_schema;
    END IF;
END $$;
