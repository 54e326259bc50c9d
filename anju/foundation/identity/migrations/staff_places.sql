-- Where a user works, asked at sign-in, when no organization is in scope yet. Runs as the owner, past row-level
-- security, and answers ids only.
CREATE FUNCTION staff_places(p_user bigint) RETURNS TABLE (org_id bigint, staff_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT s.org_id, s.id FROM staff s WHERE s.user_id = p_user AND s.frozen_at IS NULL ORDER BY s.id
$$;
