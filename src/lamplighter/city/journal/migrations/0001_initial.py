"""The journal, sealed by PostgreSQL itself: no program can add an entry out of the chain."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SEAL = r"""
CREATE TABLE journal_head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    seq bigint NOT NULL,
    hash bytea NOT NULL
);
INSERT INTO journal_head (seq, hash) VALUES (0, sha256('lamplighter'::bytea));

CREATE FUNCTION journal_digest(previous bytea, e journal_entry) RETURNS bytea
LANGUAGE sql STABLE AS $$
    SELECT sha256(previous || convert_to(concat_ws(chr(31),
        e.seq,
        (extract(epoch FROM e.at) * 1000000)::bigint,
        coalesce(e.actor_id::text, ''), e.verb,
        coalesce(e.call_id::text, ''), coalesce(e.incident_id::text, ''),
        coalesce(e.unit_id::text, ''), e.subject_id, e.data::text
    ), 'UTF8'))
$$;

CREATE FUNCTION journal_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head journal_head%ROWTYPE;
BEGIN
    SELECT * INTO STRICT head FROM journal_head FOR UPDATE;
    NEW.seq := head.seq + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := ''::bytea;
    NEW.hash := journal_digest(head.hash, NEW);
    UPDATE journal_head SET seq = NEW.seq, hash = NEW.hash;
    PERFORM pg_notify('journal', json_build_object(
        'seq', NEW.seq, 'verb', NEW.verb, 'call', NEW.call_id,
        'incident', NEW.incident_id, 'unit', NEW.unit_id)::text);
    RETURN NEW;
END
$$;

CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only: % refused', TG_OP
        USING HINT = 'Record a new act that corrects the old one.';
END
$$;

CREATE TRIGGER journal_seal BEFORE INSERT ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_seal();
CREATE TRIGGER journal_refuse_change BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_refuse_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
"""

UNSEAL = """
DROP TABLE journal_head;
DROP TRIGGER journal_seal ON journal_entry;
DROP TRIGGER journal_refuse_change ON journal_entry;
DROP TRIGGER journal_refuse_truncate ON journal_entry;
DROP FUNCTION journal_seal;
DROP FUNCTION journal_refuse;
DROP FUNCTION journal_digest;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("verb", models.CharField(max_length=60)),
                ("call_id", models.UUIDField(null=True)),
                ("incident_id", models.UUIDField(null=True)),
                ("unit_id", models.UUIDField(null=True)),
                ("subject_id", models.CharField(blank=True, max_length=80)),
                ("data", models.JSONField(default=dict)),
                ("previous_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["incident_id", "seq"], name="journal_incident_seq"),
                    models.Index(fields=["call_id", "seq"], name="journal_call_seq"),
                ],
            },
        ),
        migrations.RunSQL(SEAL, UNSEAL),
    ]
