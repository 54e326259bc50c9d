-- What one period of a lease costs, line by line: the truth of pricing. anju.domain.billing.rules.lines is its reference.
-- Months are counted from the anchor. A month inside the period costs its price, by days where prices change within it; a
-- month cut by the period's ends costs by the lease's proration. Each part is rounded to 1e-8, each line once to the fen.
CREATE FUNCTION billing_lines(
    p_version bigint, p_anchor date, p_from date, p_to date, p_proration text, p_first boolean, p_deposit numeric
) RETURNS TABLE (kind varchar, name varchar, source varchar, amount numeric)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT part.kind, part.name, part.source,
           round(sum(round(
               part.price * (least(part.to_on, month.hi) - greatest(part.from_on, month.lo))
               * CASE WHEN month.whole OR p_proration = 'actual_days' THEN 1 WHEN p_proration = 'thirty' THEN 1 ELSE 12 END
               / CASE WHEN month.whole OR p_proration = 'actual_days' THEN month.days
                      WHEN p_proration = 'thirty' THEN 30 ELSE 365 END, 8)), 2)
    FROM (
        SELECT greatest(m.lo, p_from) AS lo, least(m.hi, p_to) AS hi, m.hi - m.lo AS days,
               m.lo >= p_from AND m.hi <= p_to AS whole
        FROM (
            SELECT (p_anchor + make_interval(months => i))::date AS lo,
                   (p_anchor + make_interval(months => i + 1))::date AS hi
            FROM generate_series(
                ((extract(year FROM p_from) - extract(year FROM p_anchor)) * 12
                 + extract(month FROM p_from) - extract(month FROM p_anchor))::int - 1,
                ((extract(year FROM p_to) - extract(year FROM p_anchor)) * 12
                 + extract(month FROM p_to) - extract(month FROM p_anchor))::int) AS i
        ) m
        WHERE m.lo < p_to AND m.hi > p_from
    ) month
    JOIN (
        SELECT 'rent'::varchar AS kind, ''::varchar AS name, 'schedule'::varchar AS source, r.from_on, r.to_on,
               r.monthly AS price
        FROM lease_rate r WHERE r.version_id = p_version
        UNION ALL
        SELECT f.kind, f.name, ('fee:' || f.name)::varchar, f.from_on, f.to_on, f.amount
        FROM lease_fee f WHERE f.version_id = p_version AND f.per = 'month'
    ) part ON part.from_on < month.hi AND part.to_on > month.lo
    GROUP BY part.kind, part.name, part.source
    UNION ALL
    SELECT f.kind, f.name, ('fee:' || f.name)::varchar, round(f.amount, 2)
    FROM lease_fee f WHERE f.version_id = p_version AND f.per = 'once' AND f.from_on >= p_from AND f.from_on < p_to
    UNION ALL
    SELECT 'deposit', '', 'schedule', p_deposit WHERE p_first AND p_deposit > 0
$$;
