-- Whom a colleague calls on a day: one row per lease with an unpaid bill whose call falls on it, with the reason where not.
WITH target AS (
    SELECT day, due_on, max(step) AS step
    FROM jsonb_to_recordset(%(targets)s::jsonb) AS t(step int, due_on date, day date) GROUP BY day, due_on
),
owed AS (
    SELECT c.lease_id, t.day, max(t.step) AS step, min(c.due_on) AS due_on, sum(c.open) AS amount
    FROM target t JOIN charge c ON c.due_on = t.due_on AND c.open > 0
    WHERE c.lease_id BETWEEN %(lo)s AND %(hi)s
    GROUP BY c.lease_id, t.day
),
-- The last word of each tenant about the debt: who spoke to them, what was promised.
spoken AS (
    SELECT DISTINCT ON (c.subject_id) c.subject_id AS lease_id, c.assignee,
           -- Compared as text: an operator may have made another kind of field of it.
           substring(c.facts ->> 'promised_on' FROM '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') AS promised_on
    FROM flow_case c JOIN owed o ON o.lease_id = c.subject_id
    WHERE c.flow = 'call' AND c.subject_kind = 'lease' AND c.closed_at IS NOT NULL
    ORDER BY c.subject_id, c.id DESC
)
SELECT o.lease_id AS subject_id,
       CASE WHEN o.amount < %(least)s THEN 'too_small'
            WHEN calling.id IS NOT NULL THEN 'calling_already'
            WHEN s.promised_on >= o.day::text THEN 'promised'
            WHEN (%(calls)s::jsonb -> o.step ->> 'after_silence')::boolean AND silent.n < 2 THEN 'answered'
            ELSE 'to_call' END AS code,
       o.day, o.step, l.scope_id, o.amount, o.due_on, o.day - o.due_on AS days_late, agent.id AS agent_id,
       jsonb_build_object('amount', o.amount, 'due', o.due_on, 'days', o.day - o.due_on, 'number', calling.number,
                          'promised', s.promised_on)::text AS detail
FROM owed o
JOIN lease l ON l.id = o.lease_id
LEFT JOIN spoken s ON s.lease_id = o.lease_id
LEFT JOIN LATERAL (
    SELECT c.id, c.number FROM flow_case c
    WHERE c.flow = 'call' AND c.subject_kind = 'lease' AND c.subject_id = o.lease_id AND c.closed_at IS NULL
      AND c.facts ->> 'about' = %(arrears)s
    ORDER BY c.id LIMIT 1
) calling ON true
-- The two newest messages to the tenant, as far as they went out: how many of them nobody read.
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE newest.read_at IS NULL) AS n FROM (
        SELECT m.read_at FROM message m
        WHERE m.to_person = l.payer_id AND m.kind = 'reminder' AND m.state NOT IN ('queued', 'held', 'cancelled')
        ORDER BY m.id DESC LIMIT 2) newest
) silent ON true
-- Who spoke to them last goes on, while they are of the team and reach the project.
LEFT JOIN staff agent ON agent.id = s.assignee AND agent.frozen_at IS NULL AND %(team)s = ANY(agent.roles)
    AND (agent.left_on IS NULL OR agent.left_on >= o.day)
    AND (agent.all_projects OR EXISTS (SELECT FROM staff_scope x WHERE x.staff_id = agent.id AND x.scope_id = l.scope_id))
