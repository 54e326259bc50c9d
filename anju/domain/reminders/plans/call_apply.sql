-- A case's id is drawn here, so that the decision names it; the run's own action opens the cases in this transaction.
decided AS (
    SELECT subject_id, code, CASE WHEN code = 'to_call' THEN nextval('flow_case_id_seq') END AS effect_id,
           (detail::jsonb || jsonb_build_object('agent', agent_id))::text AS detail
    FROM plan
)
