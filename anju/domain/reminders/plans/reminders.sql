-- Who is reminded on a day, by which channel: one row per message; a bill that gets none has one row that says why.
-- A simulation asks for many days at once; a run asks for one.
WITH target AS (
    SELECT day, due_on, max(step) AS step
    FROM jsonb_to_recordset(%(targets)s::jsonb) AS t(step int, due_on date, day date)
    GROUP BY day, due_on
),
owed AS (
    SELECT c.bill_id, t.day, t.step, c.due_on, sum(c.open) AS amount
    FROM target t JOIN charge c ON c.due_on = t.due_on AND c.open > 0
    WHERE c.bill_id BETWEEN %(lo)s AND %(hi)s
    GROUP BY c.bill_id, t.day, t.step, c.due_on
),
-- A step's channels for who has a phone, an e-mail, both or neither: four lists a step, not one a bill.
step AS MATERIALIZED (
    SELECT (n - 1)::int AS step, s ->> 'offset_days' AS offset_days, (s ->> 'together')::boolean AS together,
           s ->> 'send_at' AS send_at, has.phone AS has_phone, has.email AS has_email,
           ARRAY(SELECT ch FROM jsonb_array_elements_text(s -> 'channels') WITH ORDINALITY AS c(ch, n)
                 WHERE ch = 'inapp' OR (ch = 'sms' AND has.phone) OR (ch = 'email' AND has.email) ORDER BY n) AS channels
    FROM jsonb_array_elements(%(steps)s::jsonb) WITH ORDINALITY AS e(s, n)
    CROSS JOIN (VALUES (false, false), (false, true), (true, false), (true, true)) AS has(phone, email)
),
told AS MATERIALIZED (
    SELECT o.*, b.number AS bill, b.lease_id, b.scope_id, b.period_from, b.period_to, l.payer_id, phone.id AS phone_id, email.id AS email_id,
           -- Nearly every lease has one room: only the others pay for sorting.
           coalesce((SELECT min(u.code) FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
                     WHERE lu.lease_id = b.lease_id HAVING min(u.code) = max(u.code)),
                    (SELECT string_agg(DISTINCT u.code, '、' ORDER BY u.code)
                     FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id WHERE lu.lease_id = b.lease_id)) AS room
    FROM owed o
    JOIN bill b ON b.id = o.bill_id
    JOIN lease l ON l.id = b.lease_id
    LEFT JOIN contact_point phone
        ON phone.person_id = l.payer_id AND phone.kind = 'phone' AND phone.preferred AND phone.stale_since IS NULL
    LEFT JOIN contact_point email
        ON email.person_id = l.payer_id AND email.kind = 'email' AND email.preferred AND email.stale_since IS NULL
),
-- One row per message: by each of the channels, or by the first that works; none works: one row without a channel.
line AS (
    SELECT t.*, s.offset_days, s.together, s.send_at, s.channels, ch.channel,
           concat_ws(':', 'reminder', t.bill_id, t.step, t.due_on, ch.channel) AS dedupe
    FROM told t
    JOIN step s ON s.step = t.step
        AND s.has_phone = (t.phone_id IS NOT NULL) AND s.has_email = (t.email_id IS NOT NULL)
    LEFT JOIN LATERAL unnest(CASE WHEN s.together THEN s.channels ELSE s.channels[1:1] END) AS ch(channel) ON true
)
SELECT r.bill_id AS subject_id,
       CASE WHEN r.amount < %(least)s THEN 'too_small'
            WHEN r.channel IS NULL THEN 'no_contact'
            WHEN known.id IS NOT NULL THEN 'already_reminded'
            ELSE 'reminded' END AS code,
       r.day, r.step, r.offset_days, r.lease_id, r.scope_id, r.payer_id AS person_id, r.amount, r.due_on, r.bill, r.period_from,
       r.period_to, r.send_at, r.room, r.channel,
       CASE r.channel WHEN 'sms' THEN r.phone_id WHEN 'email' THEN r.email_id END AS contact_id,
       CASE WHEN r.together THEN '{}'::text[] ELSE r.channels[2:] END AS next_channels, r.dedupe,
       jsonb_build_object('step', r.step, 'offset', r.offset_days, 'channel', r.channel, 'amount', r.amount)::text AS detail
FROM line r LEFT JOIN message known ON known.dedupe = r.dedupe
