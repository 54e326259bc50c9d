-- One lease for each of the newest rooms: payer, terms, rent, every third with a property fee, its account.
WITH room AS (
    SELECT id, scope_id, building_id, row_number() OVER (ORDER BY id) AS n
    FROM (SELECT id, scope_id, building_id FROM unit ORDER BY id DESC
          LIMIT (SELECT ((%(first)s::int + %(count)s::int - 1) / 2000 - %(first)s::int / 2000 + 1) * 2000)) newest
),
let AS (SELECT * FROM room WHERE n <= %(count)s),
payer AS (
    INSERT INTO person (kind, name, sort_key, segment, phone_mask, phone_tail, scope_id, created_at)
    SELECT 'person', '租客' || (%(first)s + n), 'zuke' || (%(first)s + n), '', '', '', scope_id, now() FROM let ORDER BY n
    RETURNING id
),
numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM payer),
made AS (
    INSERT INTO lease (number, scope_id, payer_id, status, start_on, end_on, holds_until, cycle_months, anchor_on,
                       due_offset_days, bill_day, auto_renew, rev, created_at)
    SELECT 'T' || lpad((%(first)s + let.n)::text, 7, '0'), let.scope_id, p.id, 'active', %(begins)s, %(ends)s, %(ends)s, 1,
           make_date(extract(year FROM %(begins)s::date)::int, extract(month FROM %(begins)s::date)::int, %(day)s),
           0, %(day)s, false, 1, now()
    FROM let JOIN numbered p ON p.n = let.n ORDER BY let.n
    RETURNING id, scope_id
),
placed AS (
    SELECT m.id, m.scope_id, let.id AS unit_id, let.building_id, let.n
    FROM (SELECT id, scope_id, row_number() OVER (ORDER BY id) AS n FROM made) m JOIN let ON let.n = m.n
),
version AS (
    INSERT INTO lease_version (lease_id, n, effective_from, terms, proration, deposit, reason, made_at)
    SELECT id, 1, %(begins)s, '{}', 'actual_days', 0, '', now() FROM placed RETURNING id, lease_id
),
rate AS (
    INSERT INTO lease_rate (version_id, lease_id, from_on, to_on, monthly)
    SELECT v.id, v.lease_id, %(begins)s, %(ends)s, 1500 + mod(v.lease_id, 90) * 20 FROM version v
),
fee AS (
    INSERT INTO lease_fee (version_id, lease_id, kind, name, per, amount, from_on, to_on)
    SELECT v.id, v.lease_id, 'property', '物业费', 'month', 86.5, %(begins)s, %(ends)s FROM version v
    WHERE mod(v.lease_id, 3) = 0
),
held AS (
    INSERT INTO lease_unit (lease_id, unit_id, leaf_unit_id, occupied)
    SELECT id, unit_id, unit_id, daterange(%(begins)s, %(ends)s) FROM placed
)
INSERT INTO lease_account (lease_id, scope_id, building_id) SELECT id, scope_id, building_id FROM placed
