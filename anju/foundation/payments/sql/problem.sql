INSERT INTO gateway_problem AS p (gateway, kind, reference, detail, first_at, last_at)
VALUES (%(gateway)s, %(kind)s, %(reference)s, %(detail)s::jsonb, %(now)s, %(now)s)
ON CONFLICT (org_id, gateway, kind, reference) WHERE closed_at IS NULL DO UPDATE
SET count = p.count + 1, last_at = excluded.last_at, detail = excluded.detail
RETURNING id, count
