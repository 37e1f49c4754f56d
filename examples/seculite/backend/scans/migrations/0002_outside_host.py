from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scans", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="scan",
            name="outside_host",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=260
            ),
        ),
    ]
