"""Before the demo is prepared or opened: whether this database is a demo's (accounts.demo_mark says what makes one)."""

from django.conf import settings
from django.db import connection

from accounts import demo_mark


class NotADemo(Exception):
    """Raised before anything is read or written for the demo where people stand who are not the demo's."""


def is_loaded() -> bool:
    """Tell whether the demo stands in this database."""
    with connection.cursor() as cursor:
        return demo_mark.has_administrator(cursor, connection.introspection.table_names(cursor))


def refuse_others() -> None:
    """Raise NotADemo where this database is an installation's: asked before it is migrated, loaded or written on."""
    with connection.cursor() as cursor:
        if not demo_mark.is_demo(cursor, connection.introspection.table_names(cursor)):
            raise NotADemo(
                "Nothing was changed: this database is not a demo's, people or countries of an installation stand in it."
                " The demo needs a database of its own: leave DATABASE_URL empty, or name an empty one."
            )


def refuse_to_open() -> None:
    """Raise NotADemo where the demo is switched on for a database that is not a demo's: its pages show every letter."""
    if not settings.DEMO:
        return
    try:
        refuse_others()
    except NotADemo as error:
        raise NotADemo(
            "FANAL_DEMO=1 opens letters and accounts to anybody, and this database is not a demo's. Take FANAL_DEMO out"
            " (DJANGO_SETTINGS_MODULE=cms.settings.production), or leave DATABASE_URL empty for the demo."
        ) from error
