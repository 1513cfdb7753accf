from django.db import migrations, models
import uuid


class Migration(migrations.Migration):

    dependencies = [
        ("annotation", "0003_moment_client_id"),
    ]

    operations = [
        migrations.AlterField("moment", "client_id", models.UUIDField()),
        migrations.AlterField(
            "moment", "id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)
        ),
        migrations.AlterModelOptions("moment", options={"ordering": ["time_ms", "created_at", "client_id"]}),
        migrations.AddConstraint(
            "moment",
            models.UniqueConstraint(fields=("assignment", "client_id"), name="one_moment_per_client_id"),
        ),
    ]
