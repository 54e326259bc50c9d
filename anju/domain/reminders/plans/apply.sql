room AS (
    SELECT lease_id, string_agg(code, '、' ORDER BY code) AS codes FROM (
        SELECT DISTINCT lu.lease_id, u.code FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
        WHERE lu.lease_id IN (SELECT lease_id FROM plan WHERE code = 'reminded')
    ) named GROUP BY lease_id
),
new_message AS (
    INSERT INTO message (dedupe, to_person, contact_id, channel, kind, template, version_id, vars, subject_kind,
                         subject_id, scope_id, run_id, valid_if, next_channels, link_kind, link_id, created_at, due_at)
    SELECT p.dedupe, p.person_id, p.contact_id, p.channel, 'reminder', 'reminders:steps.' || p.step || '.text',
           %(version_id)s,
           jsonb_build_object('amount', p.amount, 'due', p.due_on, 'room', coalesce(room.codes, ''),
                              'period', extract(month FROM p.period_from) || '月', 'days', abs(%(as_of)s::date - p.due_on)),
           'bill', p.subject_id, p.scope_id, %(run_id)s, 'billing.still_owed', p.next_channels, 'bill', p.subject_id,
           %(now)s::timestamptz, (%(as_of)s::date + p.send_at::time) AT TIME ZONE 'Asia/Shanghai'
    FROM plan p LEFT JOIN room ON room.lease_id = p.lease_id
    WHERE p.code = 'reminded'
    ON CONFLICT (org_id, dedupe) DO NOTHING
    RETURNING id, subject_id
),
decided AS (
    SELECT s.subject_id,
           CASE WHEN m.id IS NOT NULL THEN 'reminded' WHEN s.code = 'reminded' THEN 'already_reminded' ELSE s.code END AS code,
           m.id AS effect_id, s.detail
    FROM (SELECT DISTINCT ON (subject_id) subject_id, code, detail FROM plan
          ORDER BY subject_id, code = 'reminded' DESC, channel) s
    LEFT JOIN (SELECT subject_id, min(id) AS id FROM new_message GROUP BY subject_id) m ON m.subject_id = s.subject_id
)
