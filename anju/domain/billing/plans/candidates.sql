-- Leases with a period falling due inside the window, found by their bill day, and the backlog of new and amended leases.
SELECT l.id AS subject_id
FROM (
    SELECT o AS due_offset, d::date AS start_on, day AS bill_day
    FROM generate_series(-15, 15) AS o
    CROSS JOIN LATERAL generate_series(%(due_from)s::date - o, %(due_to)s::date - o, interval '1 day') AS d
    -- On a month's last day all later bill days fall too (31 in February is the 28th or 29th).
    CROSS JOIN LATERAL generate_series(extract(day FROM d)::int, CASE
        WHEN extract(month FROM d + interval '1 day') <> extract(month FROM d) THEN 31 ELSE extract(day FROM d)::int END
    ) AS day
    -- Never reached: it tells the planner how few days these are, so that leases are found by index.
    LIMIT (%(due_to)s::date - %(due_from)s::date + 1) * 124
) target
JOIN lease l ON l.due_offset_days = target.due_offset AND l.bill_day = target.bill_day AND l.status = 'active'
WHERE l.id BETWEEN %(lo)s AND %(hi)s
  AND target.start_on >= l.anchor_on AND target.start_on < l.holds_until
  AND mod(((extract(year FROM target.start_on) - extract(year FROM l.anchor_on)) * 12
      + extract(month FROM target.start_on) - extract(month FROM l.anchor_on))::int, l.cycle_months) = 0
UNION
SELECT b.lease_id FROM billing_backlog b JOIN lease l ON l.id = b.lease_id
WHERE b.lease_id BETWEEN %(lo)s AND %(hi)s AND l.status IN ('awaiting', 'active')
  AND l.start_on + l.due_offset_days <= %(due_to)s::date
