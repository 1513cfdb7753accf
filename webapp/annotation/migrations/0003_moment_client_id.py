from django.db import migrations, models
from django.db.models import F


def ids_were_the_clients(apps, schema_editor):
    Moment = apps.get_model("annotation", "Moment")
    Moment.objects.filter(client_id__isnull=True).update(client_id=F("id"))


class Migration(migrations.Migration):

    dependencies = [
        ("annotation", "0002_initial"),
    ]

    operations = [
        migrations.AddField("moment", "client_id", models.UUIDField(null=True)),
        migrations.RunPython(ids_were_the_clients, migrations.RunPython.noop, elidable=True),
    ]
