-- Leases with their parties and units, after versions.sql; a draft becomes what it was drafted to be.
, new_lease AS (
    INSERT INTO lease (id, number, scope_id, payer_id, status, start_on, end_on, actual_end_on, holds_until, signed_on,
                       cycle_months, anchor_on, due_offset_days, bill_day, current_version_id, auto_renew, rev, created_at)
    SELECT l.*, 1, %(at)s
    FROM unnest(%(l_id)s::bigint[], %(l_number)s::text[], %(l_scope)s::bigint[], %(l_payer)s::bigint[],
                %(l_status)s::text[], %(l_start)s::date[], %(l_end)s::date[], %(l_actual)s::date[], %(l_holds)s::date[],
                %(l_signed)s::date[], %(l_cycle)s::smallint[], %(l_anchor)s::date[], %(l_offset)s::smallint[],
                %(l_day)s::smallint[], %(l_version)s::bigint[], %(l_renew)s::boolean[])
         AS l(id, number, scope_id, payer_id, status, start_on, end_on, actual_end_on, holds_until, signed_on,
              cycle_months, anchor_on, due_offset_days, bill_day, current_version_id, auto_renew)
    ON CONFLICT (org_id, id) DO UPDATE SET
        scope_id = excluded.scope_id, payer_id = excluded.payer_id, status = excluded.status,
        start_on = excluded.start_on, end_on = excluded.end_on, holds_until = excluded.holds_until,
        signed_on = excluded.signed_on, cycle_months = excluded.cycle_months, anchor_on = excluded.anchor_on,
        due_offset_days = excluded.due_offset_days, bill_day = excluded.bill_day, auto_renew = excluded.auto_renew,
        current_version_id = excluded.current_version_id, draft = NULL, rev = lease.rev + 1
),
new_party AS (
    INSERT INTO lease_party (lease_id, person_id, role, from_on, until_on)
    SELECT * FROM unnest(%(p_lease)s::bigint[], %(p_person)s::bigint[], %(p_role)s::text[], %(p_from)s::date[],
                         %(p_until)s::date[])
),
newest AS (
    SELECT DISTINCT ON (person_id) person_id, scope_id, from_on
    FROM unnest(%(p_person)s::bigint[], %(p_from)s::date[], %(p_scope)s::bigint[]) AS p(person_id, from_on, scope_id)
    ORDER BY person_id, from_on DESC
),
placed AS (
    UPDATE person SET scope_id = n.scope_id FROM newest n
    WHERE person.id = n.person_id AND person.scope_id IS DISTINCT FROM n.scope_id
      AND NOT EXISTS (SELECT FROM lease_party lp WHERE lp.person_id = n.person_id AND lp.from_on > n.from_on)
)
INSERT INTO lease_unit (lease_id, unit_id, leaf_unit_id, occupied)
SELECT lease_id, unit_id, leaf_id, daterange(start_on, end_on)
FROM unnest(%(u_lease)s::bigint[], %(u_unit)s::bigint[], %(u_leaf)s::bigint[], %(u_start)s::date[], %(u_end)s::date[])
     AS u(lease_id, unit_id, leaf_id, start_on, end_on)
