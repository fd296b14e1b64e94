"""What PostgreSQL itself holds: areas that scenarios were rehearsed by never change."""

from django.db import migrations

GUARD = r"""
CREATE FUNCTION rehearsal_keep_area_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a file of areas stays in the record'
            USING ERRCODE = 'check_violation', HINT = 'Put it away.';
    END IF;
    IF to_jsonb(NEW) - 'put_away_at' - 'put_away_by_id' - 'groups' - 'everyone'
        <> to_jsonb(OLD) - 'put_away_at' - 'put_away_by_id' - 'groups' - 'everyone'
    THEN
        RAISE EXCEPTION 'a file of areas never changes'
            USING ERRCODE = 'check_violation', HINT = 'Bring the other one.';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rehearsal_keep_area_file BEFORE UPDATE OR DELETE ON rehearsal_areafile
    FOR EACH ROW EXECUTE FUNCTION rehearsal_keep_area_file();
"""

OPEN = """
DROP TRIGGER rehearsal_keep_area_file ON rehearsal_areafile;
DROP FUNCTION rehearsal_keep_area_file;
"""


class Migration(migrations.Migration):
    dependencies = [("rehearsal", "0003_areas_with_people")]
    operations = [migrations.RunSQL(GUARD, OPEN)]
