UPDATE lease l SET current_version_id = v.id FROM lease_version v
WHERE v.lease_id = l.id AND l.current_version_id IS NULL
