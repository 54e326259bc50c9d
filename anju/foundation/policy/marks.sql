-- Which releases there are has a mark of its own, never used again: who knows what was in force under it need not ask.
CREATE FUNCTION policy_marked() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    INSERT INTO policy_mark (org_id, mark) VALUES (coalesce(NEW.org_id, OLD.org_id), gen_random_uuid())
    ON CONFLICT (org_id) DO UPDATE SET mark = excluded.mark;
    RETURN NULL;
END $$;

CREATE TRIGGER policy_marked AFTER INSERT OR UPDATE OR DELETE ON policy_release
    FOR EACH ROW EXECUTE FUNCTION policy_marked();

CREATE TRIGGER policy_marked AFTER INSERT OR UPDATE OR DELETE ON policy_call_off
    FOR EACH ROW EXECUTE FUNCTION policy_marked();

INSERT INTO policy_mark (org_id, mark) SELECT org_id, gen_random_uuid() FROM (SELECT DISTINCT org_id FROM policy_release) r;
