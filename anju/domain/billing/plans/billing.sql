-- What to bill: one row per lease, period and line; a lease without a line to bill has one row that says why.
WITH due AS (
    SELECT l.id, l.number, l.scope_id, l.start_on, l.holds_until, l.anchor_on, l.cycle_months, l.due_offset_days,
           l.current_version_id, v.proration, v.deposit, account.building_id, b.lease_id IS NOT NULL AS catches_up,
           (extract(year FROM l.anchor_on) * 12 + extract(month FROM l.anchor_on))::int AS anchor_month
    FROM (
        SELECT l.id
        FROM (
            SELECT o AS due_offset, d::date AS start_on, day AS bill_day
            FROM generate_series(-15, 15) AS o
            CROSS JOIN LATERAL generate_series(%(due_from)s::date - o, %(due_to)s::date - o, interval '1 day') AS d
            CROSS JOIN LATERAL generate_series(extract(day FROM d)::int, CASE
                WHEN extract(month FROM d + interval '1 day') <> extract(month FROM d) THEN 31
                ELSE extract(day FROM d)::int END) AS day
            LIMIT (%(due_to)s::date - %(due_from)s::date + 1) * 124  -- never reached, see candidates.sql
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
    ) c
    JOIN lease l ON l.id = c.id
    LEFT JOIN lease_version v ON v.id = l.current_version_id
    LEFT JOIN billing_backlog b ON b.lease_id = l.id
    LEFT JOIN lease_account account ON account.lease_id = l.id
),
period AS (
    SELECT d.*, k,
           CASE WHEN k < 0 THEN d.start_on
                ELSE (d.anchor_on + make_interval(months => k * d.cycle_months))::date END AS period_from,
           least(d.holds_until, (d.anchor_on + make_interval(months => (k + 1) * d.cycle_months))::date) AS period_to
    FROM due d
    CROSS JOIN LATERAL (
        SELECT (extract(year FROM w.lo) * 12 + extract(month FROM w.lo))::int AS lo_month,
               (extract(year FROM w.hi) * 12 + extract(month FROM w.hi))::int AS hi_month
        FROM (SELECT %(due_from)s::date - d.due_offset_days AS lo, %(due_to)s::date - d.due_offset_days AS hi) w
    ) w
    CROSS JOIN LATERAL generate_series(
        CASE WHEN d.catches_up THEN CASE WHEN d.start_on < d.anchor_on THEN -1 ELSE 0 END
             ELSE greatest(0, (w.lo_month - d.anchor_month) / d.cycle_months) END,
        greatest(CASE WHEN d.start_on < d.anchor_on THEN -1 ELSE 0 END, (w.hi_month - d.anchor_month) / d.cycle_months)
    ) AS k
),
asked AS (
    SELECT p.*, p.period_from + p.due_offset_days AS due_on, billed.id AS billed_id
    FROM period p
    LEFT JOIN bill billed ON billed.lease_id = p.id AND billed.period_from = p.period_from
    WHERE p.period_from < p.holds_until AND p.period_from + p.due_offset_days <= %(due_to)s::date
      AND (p.catches_up OR p.period_from + p.due_offset_days >= %(due_from)s::date)
)
SELECT a.id AS subject_id,
       CASE WHEN a.billed_id IS NOT NULL THEN 'already_billed'
            WHEN a.current_version_id IS NULL THEN 'no_terms'
            WHEN line.amount IS NULL THEN 'nothing_due'
            ELSE 'billed' END AS code,
       a.k, a.number, a.scope_id, a.building_id, a.period_from, a.period_to, a.due_on, line.kind, line.name, line.source, line.amount
FROM asked a
LEFT JOIN LATERAL (
    SELECT kind, name, source, amount
    FROM billing_lines(a.current_version_id, a.anchor_on, a.period_from, a.period_to, a.proration,
                       a.period_from = a.start_on, a.deposit)
    WHERE amount > 0 AND a.billed_id IS NULL
) line ON true
