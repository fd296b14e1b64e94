"""What PostgreSQL itself holds: two others sign exactly what was proposed, and it stays so."""

from django.db import migrations

GUARD = r"""
CREATE FUNCTION policies_refuse(what text, todo text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', HINT = todo;
END
$$;

-- A version that decided, or may decide, explains its decisions years later.
CREATE FUNCTION policies_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM policies_refuse('a stored version of a policy never changes', 'Store another version.');
    RETURN NULL;
END
$$;
CREATE TRIGGER policies_keep_version BEFORE UPDATE OR DELETE ON policies_policyversion
    FOR EACH ROW EXECUTE FUNCTION policies_keep_version();

-- What was proposed is what is signed: only its end may be written.
CREATE FUNCTION policies_keep_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM policies_refuse('a proposal is never removed', 'Withdraw it.');
    END IF;
    IF OLD.ended_at IS NOT NULL OR
        to_jsonb(NEW) - 'ended_at' - 'ended_as' <> to_jsonb(OLD) - 'ended_at' - 'ended_as'
    THEN
        PERFORM policies_refuse('what was proposed never changes', 'Propose the new text.');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER policies_keep_proposal BEFORE UPDATE OR DELETE ON policies_proposal
    FOR EACH ROW EXECUTE FUNCTION policies_keep_proposal();

CREATE FUNCTION policies_keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM policies_refuse('authors and signatures stay as they are', 'End the proposal.');
    RETURN NULL;
END
$$;
CREATE TRIGGER policies_keep_author BEFORE UPDATE OR DELETE ON policies_proposalauthor
    FOR EACH ROW EXECUTE FUNCTION policies_keep_row();
CREATE TRIGGER policies_keep_signature BEFORE UPDATE OR DELETE ON policies_signature
    FOR EACH ROW EXECUTE FUNCTION policies_keep_row();

CREATE FUNCTION policies_check_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM policies_proposal WHERE id = NEW.proposal_id FOR UPDATE;
    IF EXISTS (SELECT 1 FROM policies_signature s WHERE s.proposal_id = NEW.proposal_id) THEN
        PERFORM policies_refuse('its authors are named before anybody signs', 'Propose it again.');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER policies_check_author BEFORE INSERT ON policies_proposalauthor
    FOR EACH ROW EXECUTE FUNCTION policies_check_author();

CREATE FUNCTION policies_check_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    proposed policies_proposal%ROWTYPE;
BEGIN
    SELECT * INTO STRICT proposed FROM policies_proposal WHERE id = NEW.proposal_id FOR UPDATE;
    IF proposed.ended_at IS NOT NULL THEN
        PERFORM policies_refuse('this proposal has ended', 'Sign the one that is open.');
    END IF;
    IF NOT proposed.check_passed THEN
        PERFORM policies_refuse('the check of this proposal failed', 'Mend it first.');
    END IF;
    IF NEW.content_hash <> proposed.content_hash THEN
        PERFORM policies_refuse('this is not the content that was proposed', 'Read it again.');
    END IF;
    IF NEW.by_id = proposed.proposed_by_id OR EXISTS (
        SELECT 1 FROM policies_proposalauthor a
        WHERE a.proposal_id = NEW.proposal_id AND a.user_id = NEW.by_id
    ) THEN
        PERFORM policies_refuse('whoever wrote it does not sign it', 'Somebody else must sign.');
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER policies_check_signature BEFORE INSERT ON policies_signature
    FOR EACH ROW EXECUTE FUNCTION policies_check_signature();

-- In force by signature only with two of them on this content; what took force stays in the record.
CREATE FUNCTION policies_check_activation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.kind = 'signed' AND (
        SELECT count(*) FROM policies_signature s
        JOIN policies_proposal p ON p.id = s.proposal_id AND p.ended_at IS NULL
        JOIN policies_policyversion v ON v.id = NEW.policy_id
            AND v.name = p.name AND v.content_hash = p.content_hash
        WHERE s.proposal_id = NEW.proposal_id AND s.content_hash = p.content_hash
    ) < 2 THEN
        PERFORM policies_refuse('two signatures are needed', 'Have it signed by two others.');
    END IF;
    IF TG_OP = 'INSERT' AND NEW.kind = 'emergency' AND NOT EXISTS (
        SELECT 1 FROM policies_activation a
        WHERE a.policy_id = NEW.policy_id AND a.withdrawn_at IS NULL AND a.from_at <= NEW.from_at
    ) THEN
        PERFORM policies_refuse('this version was never in force', 'Have it signed.');
    END IF;
    IF TG_OP = 'UPDATE' AND (
        OLD.withdrawn_at IS NOT NULL OR to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id'
            <> to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id'
    ) THEN
        PERFORM policies_refuse('what is in force is changed by another version', 'Sign one.');
    END IF;
    IF TG_OP = 'DELETE' AND OLD.kind <> 'installed' THEN
        PERFORM policies_refuse('what was signed stays in the record', 'Go back to a version.');
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER policies_check_activation BEFORE INSERT OR UPDATE OR DELETE ON policies_activation
    FOR EACH ROW EXECUTE FUNCTION policies_check_activation();
"""

OPEN = """
DROP TRIGGER policies_check_activation ON policies_activation;
DROP TRIGGER policies_check_signature ON policies_signature;
DROP TRIGGER policies_check_author ON policies_proposalauthor;
DROP TRIGGER policies_keep_signature ON policies_signature;
DROP TRIGGER policies_keep_author ON policies_proposalauthor;
DROP TRIGGER policies_keep_proposal ON policies_proposal;
DROP TRIGGER policies_keep_version ON policies_policyversion;
DROP FUNCTION policies_check_activation, policies_check_signature, policies_check_author,
    policies_keep_row, policies_keep_proposal, policies_keep_version;
DROP FUNCTION policies_refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_drafts_and_signatures")]
    operations = [migrations.RunSQL(GUARD, OPEN)]
