"""The ready-made words that WhatsApp approved for an account: written down by an administrator, taken out again."""

from datetime import datetime

from django.db import transaction

from accounts import actions as accounts
from hotline.models import Line, Template


@transaction.atomic
def keep_template(
    *, line: Line, key: str, language: str, content_sid: str, approved_at: datetime, by, at: datetime
) -> Template:
    """Write down approved words for the account of a line; newer ones of a language take the place of the older."""
    row, _is_new = Template.objects.update_or_create(
        account=line.account, key=key, language=language,
        defaults={"content_sid": content_sid, "approved_at": approved_at},
    )  # fmt: skip
    _record("hotline.template_kept", row, line, by, at)
    return row


@transaction.atomic
def drop_template(*, line: Line, template: int, by, at: datetime) -> bool:
    """Take approved words out; texts that wait for them are not sent. Return False when they were out already."""
    row = Template.objects.filter(account=line.account, pk=template).first()
    if row is None:
        return False
    _record("hotline.template_dropped", row, line, by, at)
    row.delete()
    return True


def _record(verb: str, row: Template, line: Line, by, at: datetime) -> None:
    accounts.record(
        by=by, verb=verb, thing=line, at=at, country=line.country_id, text=row.key, language=row.language,
        content=row.content_sid,
    )  # fmt: skip
