"""Since when a unit is idle is found at the end of an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dispatch", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["unit", "-cleared_at"], name="assignment_unit_cleared"),
        ),
    ]
