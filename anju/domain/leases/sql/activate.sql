-- Leases with their parties and units, after versions.sql; a draft becomes what it was drafted to be.
, new_lease AS (
    INSERT INTO lease (id, number, scope_id, payer_id, status, start_on, end_on, actual_end_on, holds_until, signed_on,
                       cycle_months, anchor_on, due_offset_days, bill_day, current_version_id, auto_renew, rev, created_at)
    SELECT l.*, 1, %(at)s
    FROM jsonb_to_recordset(%(leases)s::jsonb) AS l(
        id bigint, number text, scope bigint, payer bigint, status text, start date, "end" date, actual date, holds date,
        signed date, cycle smallint, anchor date, "offset" smallint, day smallint, version bigint, renew boolean)
    ON CONFLICT (org_id, id) DO UPDATE SET
        scope_id = excluded.scope_id, payer_id = excluded.payer_id, status = excluded.status,
        start_on = excluded.start_on, end_on = excluded.end_on, holds_until = excluded.holds_until,
        signed_on = excluded.signed_on, cycle_months = excluded.cycle_months, anchor_on = excluded.anchor_on,
        due_offset_days = excluded.due_offset_days, bill_day = excluded.bill_day, auto_renew = excluded.auto_renew,
        current_version_id = excluded.current_version_id, draft = NULL, rev = lease.rev + 1
),
party AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(parties)s::jsonb) AS p(
        lease bigint, person bigint, role text, since date, until date, scope bigint)
),
new_party AS (
    INSERT INTO lease_party (lease_id, person_id, role, from_on, until_on)
    SELECT lease, person, role, since, until FROM party
),
newest AS (
    SELECT DISTINCT ON (person) person, scope, since FROM party ORDER BY person, since DESC
),
placed AS (
    UPDATE person SET scope_id = n.scope FROM newest n
    WHERE person.id = n.person AND person.scope_id IS DISTINCT FROM n.scope
      AND NOT EXISTS (SELECT FROM lease_party lp WHERE lp.person_id = n.person AND lp.from_on > n.since)
)
INSERT INTO lease_unit (lease_id, unit_id, leaf_unit_id, occupied)
SELECT u.lease, u.unit, u.leaf, daterange(u.start, u."end")
FROM jsonb_to_recordset(%(units)s::jsonb) AS u(lease bigint, unit bigint, leaf bigint, start date, "end" date)
