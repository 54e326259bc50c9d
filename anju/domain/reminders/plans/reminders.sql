-- Who is reminded on a day, by which channel: one row per message; a bill that gets none has one row that says why.
-- A simulation asks for many days at once; a run asks for one.
WITH target AS (
    SELECT day, due_on, max(step) AS step, (row_number() OVER (ORDER BY day, due_on))::int AS n
    FROM jsonb_to_recordset(%(targets)s::jsonb) AS t(step int, due_on date, day date)
    GROUP BY day, due_on
),
-- What is the same for all bills of a due day: a row for each message to who has a phone, an e-mail, both or neither (by
-- each of the step's channels or by the first that works; none works: one row without a channel). Made once, not once a bill.
way AS MATERIALIZED (
    SELECT t.n * 4 + has.phone::int * 2 + has.email::int AS key, t.day, t.due_on, t.step, s.offset_days, s.send_at,
           ch.channel, (t.day + s.send_at::time) AT TIME ZONE 'Asia/Shanghai' AS sends_at,
           (CASE WHEN s.together THEN '{}' ELSE works.channels[2:] END)::varchar(12)[] AS next_channels,
           concat_ws(':', '', t.step, t.due_on, ch.channel) AS dedupe_end,
           -- What jsonb_build_object('step', …, 'amount', …, 'offset', …, 'channel', …)::text is around the amount.
           format('{"step": %%s, "amount": ', t.step) AS detail_begin,
           format(', "offset": %%s, "channel": %%s}', to_jsonb(s.offset_days), coalesce(to_jsonb(ch.channel), 'null')) AS detail_end
    FROM target t
    JOIN (SELECT n - 1 AS step, s ->> 'offset_days' AS offset_days, (s ->> 'together')::boolean AS together,
                 s ->> 'send_at' AS send_at, s -> 'channels' AS channels
          FROM jsonb_array_elements(%(steps)s::jsonb) WITH ORDINALITY AS e(s, n)) s ON s.step = t.step
    CROSS JOIN (VALUES (false, false), (false, true), (true, false), (true, true)) AS has(phone, email)
    CROSS JOIN LATERAL (
        SELECT ARRAY(SELECT c.ch FROM jsonb_array_elements_text(s.channels) WITH ORDINALITY AS c(ch, n)
                     WHERE c.ch = 'inapp' OR (c.ch = 'sms' AND has.phone) OR (c.ch = 'email' AND has.email) ORDER BY c.n
        ) AS channels) works
    LEFT JOIN LATERAL unnest(CASE WHEN s.together THEN works.channels ELSE works.channels[1:1] END) AS ch(channel) ON true
),
due AS MATERIALIZED (
    SELECT o.*, b.number AS bill, b.lease_id, b.scope_id
    FROM (
        SELECT c.bill_id, t.n, sum(c.open) AS amount, min(c.period_from) AS period_from
        FROM target t JOIN charge c ON c.due_on = t.due_on AND c.open > 0
        WHERE c.bill_id BETWEEN %(lo)s AND %(hi)s
        GROUP BY c.bill_id, t.n
    ) o JOIN bill b ON b.id = o.bill_id AND b.id BETWEEN %(lo)s AND %(hi)s
),
-- Nearly every lease has one room: only the others pay for sorting.
room AS (
    SELECT lu.lease_id, min(u.code) AS code, max(u.code) AS last_code
    FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id
    WHERE lu.lease_id IN (SELECT lease_id FROM due) GROUP BY lu.lease_id
),
told AS MATERIALIZED (
    SELECT d.bill_id, d.bill, d.amount, d.period_from, d.lease_id, d.scope_id, l.payer_id,
           phone.id AS phone_id, email.id AS email_id,
           d.n * 4 + (phone.id IS NOT NULL)::int * 2 + (email.id IS NOT NULL)::int AS key,
           CASE WHEN room.code = room.last_code THEN room.code ELSE (
               SELECT string_agg(DISTINCT u.code, '、' ORDER BY u.code)
               FROM lease_unit lu JOIN unit u ON u.id = lu.unit_id WHERE lu.lease_id = d.lease_id) END AS room
    FROM due d
    JOIN lease l ON l.id = d.lease_id
    LEFT JOIN room ON room.lease_id = d.lease_id
    LEFT JOIN contact_point phone
        ON phone.person_id = l.payer_id AND phone.kind = 'phone' AND phone.preferred AND phone.stale_since IS NULL
    LEFT JOIN contact_point email
        ON email.person_id = l.payer_id AND email.kind = 'email' AND email.preferred AND email.stale_since IS NULL
),
line AS (
    SELECT t.*, w.day, w.due_on, w.step, w.offset_days, w.send_at, w.sends_at, w.channel, w.next_channels,
           CASE w.channel WHEN 'sms' THEN t.phone_id WHEN 'email' THEN t.email_id END AS contact_id,
           'reminder:' || t.bill_id || w.dedupe_end AS dedupe, w.detail_begin || t.amount || w.detail_end AS detail
    FROM told t JOIN way w ON w.key = t.key
    OFFSET 0  -- so that texts are made once: what a message is known by is compared and written
)
SELECT r.bill_id AS subject_id,
       CASE WHEN r.amount < %(least)s THEN 'too_small'
            WHEN r.channel IS NULL THEN 'no_contact'
            WHEN known.id IS NOT NULL THEN 'already_reminded'
            ELSE 'reminded' END AS code,
       r.day, r.step, r.offset_days, r.lease_id, r.scope_id, r.payer_id AS person_id, r.amount, r.due_on, r.bill, r.period_from,
       r.send_at, r.sends_at, r.room, r.channel, r.contact_id, r.next_channels, r.dedupe, r.detail
FROM line r LEFT JOIN message known ON known.dedupe = r.dedupe
