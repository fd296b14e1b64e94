"""What PostgreSQL itself holds: a search for teams that has ended never changes."""

from django.db import migrations

GUARD = r"""
CREATE FUNCTION rehearsal_keep_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a search stays in the record'
            USING ERRCODE = 'check_violation', HINT = 'Put its scenario away.';
    END IF;
    IF OLD.done_at IS NOT NULL THEN
        RAISE EXCEPTION 'a search that has ended never changes'
            USING ERRCODE = 'check_violation', HINT = 'Ask for another search.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_keep_search BEFORE UPDATE OR DELETE ON rehearsal_staffingsearch
    FOR EACH ROW EXECUTE FUNCTION rehearsal_keep_search();
"""

OPEN = """
DROP TRIGGER rehearsal_keep_search ON rehearsal_staffingsearch;
DROP FUNCTION rehearsal_keep_search;
"""


class Migration(migrations.Migration):
    dependencies = [("rehearsal", "0005_staffing_searches")]
    operations = [migrations.RunSQL(GUARD, OPEN)]
