"""What PostgreSQL itself holds: a scenario never changes, nor does a run that has ended."""

from django.db import migrations

GUARD = r"""
CREATE FUNCTION rehearsal_keep_scenario() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a scenario stays in the record'
            USING ERRCODE = 'check_violation', HINT = 'Put it away.';
    END IF;
    IF to_jsonb(NEW) - 'put_away_at' - 'put_away_by_id'
        <> to_jsonb(OLD) - 'put_away_at' - 'put_away_by_id'
    THEN
        RAISE EXCEPTION 'a scenario never changes'
            USING ERRCODE = 'check_violation', HINT = 'Copy it, and change the copy.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_keep_scenario BEFORE UPDATE OR DELETE ON rehearsal_scenario
    FOR EACH ROW EXECUTE FUNCTION rehearsal_keep_scenario();

CREATE FUNCTION rehearsal_keep_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a run stays in the record'
            USING ERRCODE = 'check_violation', HINT = 'Put its scenario away.';
    END IF;
    IF OLD.done_at IS NOT NULL THEN
        RAISE EXCEPTION 'a run that has ended never changes'
            USING ERRCODE = 'check_violation', HINT = 'Run the scenario again.';
    END IF;
    IF NEW.scenario_id <> OLD.scenario_id OR NEW.asked_by_id <> OLD.asked_by_id
        OR NEW.asked_at <> OLD.asked_at
    THEN
        RAISE EXCEPTION 'who asked for which run, and when, never changes'
            USING ERRCODE = 'check_violation', HINT = 'Ask for another run.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_keep_run BEFORE UPDATE OR DELETE ON rehearsal_scenariorun
    FOR EACH ROW EXECUTE FUNCTION rehearsal_keep_run();
"""

OPEN = """
DROP TRIGGER rehearsal_keep_run ON rehearsal_scenariorun;
DROP TRIGGER rehearsal_keep_scenario ON rehearsal_scenario;
DROP FUNCTION rehearsal_keep_run, rehearsal_keep_scenario;
"""


class Migration(migrations.Migration):
    dependencies = [("rehearsal", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, OPEN)]
