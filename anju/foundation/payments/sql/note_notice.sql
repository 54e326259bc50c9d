INSERT INTO gateway_notice AS n (gateway, notification_id, event, reference, body_sha256, headers, verdict,
                                 received_at, last_at)
VALUES (%(gateway)s, %(notice)s, %(event)s, %(reference)s, %(body_sha256)s, %(headers)s::jsonb, %(verdict)s,
        %(now)s, %(now)s)
ON CONFLICT (org_id, gateway, notification_id) DO UPDATE
SET attempts = n.attempts + 1, last_at = excluded.last_at,
    verdict = CASE WHEN n.verdict = 'accepted' THEN n.verdict ELSE excluded.verdict END
