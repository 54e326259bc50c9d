-- A message's id is drawn before its row is written, so that the decision needs no look-up of the message just made.
going AS MATERIALIZED (
    SELECT p.*, nextval('message_id_seq') AS message_id FROM plan p WHERE p.code = 'reminded'
),
new_message AS (
    INSERT INTO message (id, dedupe, to_person, contact_id, channel, kind, template, version_id, vars, subject_kind,
                         subject_id, scope_id, run_id, valid_if, next_channels, link_kind, link_id, created_at, due_at)
    SELECT p.message_id, p.dedupe, p.person_id, p.contact_id, p.channel, 'reminder',
           'reminders:steps.' || p.step || '.text', %(version_id)s,
           jsonb_build_object('amount', p.amount, 'due', p.due_on, 'room', coalesce(p.room, ''),
                              'period', bill_months(p.period_from, p.period_to), 'days', abs(%(as_of)s::date - p.due_on)),
           'bill', p.subject_id, p.scope_id, %(run_id)s, 'billing.still_owed', p.next_channels, 'bill', p.subject_id,
           %(now)s::timestamptz, (%(as_of)s::date + p.send_at::time) AT TIME ZONE 'Asia/Shanghai'
    FROM going p
    RETURNING id
),
-- What was written is what was planned, or nothing is decided and the run fails.
whole AS (SELECT (SELECT count(*) FROM new_message) = (SELECT count(*) FROM going) AS holds),
-- A debt that is reminded of by one channel and not by another is reminded of. Put one below the other and sorted: joined to
-- rows without statistics, the two would be compared each with each.
decided AS (
    SELECT DISTINCT ON (subject_id) subject_id, code, effect_id, detail FROM (
        SELECT subject_id, 'reminded' AS code, message_id AS effect_id, detail, channel, 0 AS later FROM going
        UNION ALL
        SELECT subject_id, code, NULL, detail, channel, 1 FROM plan WHERE code <> 'reminded'
    ) told WHERE (SELECT holds FROM whole) ORDER BY subject_id, later, channel, effect_id
)
