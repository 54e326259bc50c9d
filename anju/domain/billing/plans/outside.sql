-- Why a lease is not asked on this day: not in force, over, or its next period comes later.
WITH one AS (
    SELECT l.*, (extract(year FROM %(due_to)s::date - l.due_offset_days) * 12
                 + extract(month FROM %(due_to)s::date - l.due_offset_days)
                 - extract(year FROM l.anchor_on) * 12 - extract(month FROM l.anchor_on))::int AS months
    FROM lease l WHERE l.id = %(only)s
),
next AS (
    SELECT o.id, min(p.start_on) AS period_from
    FROM one o
    CROSS JOIN LATERAL (
        SELECT (o.anchor_on + make_interval(months => k * o.cycle_months))::date AS start_on
        FROM generate_series(greatest(0, o.months / o.cycle_months), greatest(0, o.months / o.cycle_months) + 1) AS k
    ) p
    WHERE p.start_on + o.due_offset_days > %(due_to)s::date AND p.start_on < o.holds_until
    GROUP BY o.id
)
SELECT CASE WHEN o.status = 'draft' THEN 'draft'
            WHEN o.status = 'cancelled' THEN 'cancelled'
            WHEN o.status = 'ended' THEN 'ended'
            WHEN o.start_on + o.due_offset_days > %(due_to)s::date THEN 'not_started'
            WHEN n.period_from IS NULL THEN 'last_period'
            ELSE 'later' END AS code,
       jsonb_build_object(
           'end', to_char(coalesce(o.actual_end_on, o.holds_until) - 1, 'YYYY-MM-DD'),
           'period', to_char(coalesce(n.period_from, o.start_on), 'YYYY-MM-DD'),
           'due', to_char(coalesce(n.period_from, o.start_on) + o.due_offset_days, 'YYYY-MM-DD'),
           'issue', to_char(coalesce(n.period_from, o.start_on) + o.due_offset_days - %(lead)s::int, 'YYYY-MM-DD')
       ) AS detail
FROM one o LEFT JOIN next n ON n.id = o.id
