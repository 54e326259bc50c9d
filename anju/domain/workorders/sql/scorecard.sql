-- What each technician mended in a period: counts, medians in minutes, shares as counts of counts.
-- A turn begins when the order is reported or reopened; accepting is measured from when it was last free.
WITH mended AS (
    SELECT v.case_id, substring(v.by FROM 7)::bigint AS staff, v.entered_at AS at, v.seq, o.rating,
           c.closed_at IS NOT NULL AS closed,
           (SELECT max(x.entered_at) FROM flow_visit x WHERE x.case_id = v.case_id AND x.seq < v.seq
              AND x.stage = 'new') AS free_at,
           (SELECT max(x.entered_at) FROM flow_visit x WHERE x.case_id = v.case_id AND x.seq < v.seq
              AND x.stage = 'accepted') AS accepted_at,
           (SELECT max(x.entered_at) FROM flow_visit x WHERE x.case_id = v.case_id AND x.seq < v.seq
              AND x.stage = 'onsite') AS arrived_at,
           coalesce((SELECT max(x.entered_at) FROM flow_visit x WHERE x.case_id = v.case_id AND x.seq < v.seq
              AND x.step = 'reopen'), c.opened_at) AS turn_at,
           EXISTS (SELECT FROM flow_visit x WHERE x.case_id = v.case_id AND x.seq > v.seq
              AND x.step = 'reopen') AS reopened,
           NOT EXISTS (SELECT FROM flow_visit x WHERE x.case_id = v.case_id AND x.seq > v.seq
              AND x.stage = 'proof') AS final
    FROM flow_case c JOIN work_order o ON o.case_id = c.id JOIN flow_visit v ON v.case_id = c.id
    WHERE c.flow = %(flow)s AND c.opened_at >= %(reach)s AND c.opened_at < %(until)s
      AND v.stage = 'proof' AND v.by LIKE 'staff:%%' AND v.entered_at >= %(start)s AND v.entered_at < %(until)s
      AND (%(staff)s::bigint IS NULL OR v.by = 'staff:' || %(staff)s) AND {scopes}
      AND (%(project)s::bigint IS NULL OR o.scope_id = %(project)s)
), timed AS (
    SELECT m.*, EXISTS (
        SELECT FROM flow_limit l WHERE l.case_id = m.case_id AND l.started_at >= m.turn_at AND l.started_at < m.at
          AND (l.breached_at IS NOT NULL OR coalesce(l.ended_at, m.at) > l.due_at)) AS late,
        EXISTS (SELECT FROM flow_limit l WHERE l.case_id = m.case_id) AS limited
    FROM mended m
), orders AS (
    SELECT staff, case_id, bool_or(reopened) AS reopened, bool_or(late) AS late, bool_or(limited) AS limited,
           bool_or(closed AND NOT reopened AND final) AS settled, max(rating) FILTER (WHERE final) AS rating
    FROM timed GROUP BY staff, case_id
), counted AS (
    SELECT staff, count(*)::int AS done, (count(*) FILTER (WHERE reopened))::int AS reopened,
           (count(*) FILTER (WHERE settled AND NOT reopened))::int AS fixed,
           (count(*) FILTER (WHERE settled OR reopened))::int AS judged,
           (count(*) FILTER (WHERE limited AND NOT late))::int AS on_time,
           (count(*) FILTER (WHERE limited))::int AS limited, avg(rating)::numeric(3, 2) AS rating,
           count(rating)::int AS ratings
    FROM orders GROUP BY staff
), minutes AS (
    SELECT staff,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM accepted_at - free_at) / 60) AS accept,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM arrived_at - accepted_at) / 60) AS arrive,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM at - arrived_at) / 60) AS mend
    FROM timed GROUP BY staff
)
SELECT s.id, s.name, coalesce(t.skills, '{{}}') AS skills, counted.done, counted.reopened, counted.fixed,
       counted.judged, counted.on_time, counted.limited, counted.rating, counted.ratings, minutes.accept, minutes.arrive, minutes.mend
FROM counted JOIN minutes USING (staff) JOIN staff s ON s.id = counted.staff
LEFT JOIN technician t ON t.staff_id = s.id
ORDER BY counted.done DESC, s.id
