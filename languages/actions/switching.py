"""Switch a language on or off, everywhere or in one country. Nothing is deleted."""

from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from languages import queries, table
from languages.choices import Switch
from languages.models import Language


class SourceStaysPublic(ValueError):
    """Raised when the source language would be switched off; every text falls back to it."""

    def __init__(self):
        super().__init__("English is the language every text falls back to. It stays public.")


class SwitchedMeanwhile(RuntimeError):
    """Raised when a switch is no longer what was shown; show what stands now, and ask again."""

    def __init__(self):
        super().__init__("Somebody switched this language meanwhile. Look at what stands now, then decide.")


@transaction.atomic
def switch_language(
    *,
    code: str,
    country: str = "",
    state: str,
    by: str,
    at: datetime,
    reason: str = "",
    needs_second_person: bool | None = None,
    seen: str | None = None,
) -> Language:
    """Set whether a language is offered; columns, units and recordings stay as they are.

    `seen` is the mark of what a person was shown; a switch that is another one by now is left as it stands.
    """
    if code == table.SOURCE and state != Switch.PUBLIC:
        raise SourceStaysPublic
    list(Language.objects.select_for_update(no_key=True).filter(code=code).order_by("pk"))
    if seen is not None and queries.standing_switch(code, country).mark != seen:
        raise SwitchedMeanwhile
    row, _made = Language.objects.select_for_update().get_or_create(code=code, country=country)
    row.state, row.reason, row.changed_by, row.changed_at = Switch(state), reason[:200], by, at
    if needs_second_person is not None:
        row.needs_second_person = needs_second_person
    row.full_clean(validate_unique=False)
    row.save()
    cache.delete(queries.SWITCHES_KEY)
    transaction.on_commit(lambda: cache.delete(queries.SWITCHES_KEY))
    return row
