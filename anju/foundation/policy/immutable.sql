-- A version's text is fixed once it has been submitted; a release names a released version of its own policy.
CREATE FUNCTION policy_version_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'policy version % stays for ever', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.state = 'draft' OR (NEW.state = 'released' AND NEW.author = 'system') THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'policy version starts as a draft' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.org_id, OLD.id, OLD.key, OLD.scope, OLD.number, OLD.author)
        IS DISTINCT FROM (NEW.org_id, NEW.id, NEW.key, NEW.scope, NEW.number, NEW.author) THEN
        RAISE EXCEPTION 'policy version % keeps its identity', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'draft' AND NEW.state IN ('draft', 'submitted', 'withdrawn') THEN
        RETURN NEW;
    END IF;
    IF OLD.state = 'submitted' AND NEW.state IN ('released', 'withdrawn')
        AND to_jsonb(OLD) - 'state' = to_jsonb(NEW) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'policy version % is % and does not change', OLD.id, OLD.state
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER policy_version_guard BEFORE INSERT OR UPDATE OR DELETE ON policy_version
    FOR EACH ROW EXECUTE FUNCTION policy_version_guard();

CREATE FUNCTION policy_release_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        RAISE EXCEPTION 'policy releases are only added' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (SELECT FROM policy_version v WHERE v.org_id = NEW.org_id AND v.id = NEW.version_id
                   AND v.key = NEW.key AND v.scope = NEW.scope AND v.state = 'released') THEN
        RAISE EXCEPTION 'a release names a released version of its own policy and scope'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER policy_release_guard BEFORE INSERT OR UPDATE OR DELETE ON policy_release
    FOR EACH ROW EXECUTE FUNCTION policy_release_guard();
