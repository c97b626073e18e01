"""The places of a list of withdrawn certificates that are set for nobody are kept with it."""

import base64
import datetime as dt
import gzip
import json

from django.db import migrations, models

from languages.schema import OnRows


def keep_padding(apps, schema_editor):
    """Keep what each list has set until now but for every place that was given out.

    What it has set is read from its signed text, whichever key it came from then. A list that set a certificate which
    stands is made a day old, so that the worker signs it anew at its next turn.
    """
    status_list, certificate = apps.get_model("training", "StatusList"), apps.get_model("training", "Certificate")
    for row in status_list.objects.all():
        bits, given = _bits(row.signed), certificate.objects.filter(list_number=row.number)
        for place, withdrawn in given.values_list("place", "withdrawal"):
            byte, mask = place // 8, 0x80 >> (place % 8)
            if withdrawn is None and bits[byte] & mask:
                row.signed_at = min(row.signed_at, dt.datetime.now(dt.UTC) - dt.timedelta(days=1))
            bits[byte] &= ~mask
        packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")
        row.padding = f"u{packed}"
        row.save(update_fields=["padding", "signed_at"])


def _bits(signed: str) -> bytearray:
    claims = json.loads(_decoded(signed.split(".")[1]))
    return bytearray(gzip.decompress(_decoded(claims["credentialSubject"]["encodedList"][1:])))


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Migration(migrations.Migration):
    """Add the column and fill it."""

    dependencies = [("training", "0001_squashed")]

    operations = [
        migrations.AddField("statuslist", "padding", models.TextField(default=""), preserve_default=False),
        OnRows("training_statuslist", keep_padding),
    ]
