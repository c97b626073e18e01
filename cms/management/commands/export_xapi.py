"""`manage.py export_xapi > statements.jsonl`: the events of the school as xAPI statements, one a line."""

import datetime as dt

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from training import actions
from training.queries.statements import events_between, statement_lines


def _instant(text: str) -> dt.datetime:
    """Return an instant from a day or a time in UTC."""
    try:
        found = parse_datetime(text) if "T" in text or " " in text else None
        day = None if found else parse_date(text)
    except ValueError:
        found = day = None
    if found is None and day is None:
        raise CommandError(f"{text} is no day and no time. Write 2026-11-30 or 2026-11-30T08:00:00Z.")
    found = found or dt.datetime.combine(day, dt.time())
    return found if timezone.is_aware(found) else found.replace(tzinfo=dt.UTC)


class Command(BaseCommand):
    """Write every event that arrived in a span of time, oldest first; the export is recorded."""

    help = __doc__

    def add_arguments(self, parser):
        """Ask from when and until when."""
        parser.add_argument("--since", type=_instant, help="first day or instant (UTC)")
        parser.add_argument("--until", type=_instant, help="day or instant (UTC) before which")

    def handle(self, *args, **options):
        """Stream the statements."""
        if not settings.PUBLIC_URL:
            raise CommandError("Set FANAL_PUBLIC_URL first: statements are named under it.")
        since, until = options["since"], options["until"]
        if since and until and since >= until:
            raise CommandError(
                f"{until:%Y-%m-%d %H:%M} UTC is not after {since:%Y-%m-%d %H:%M} UTC: nothing lies between."
            )
        events = events_between(since, until)
        actions.note_statements_exported(by="export_xapi", rows=events.count(), at=timezone.now())
        told = {"base": settings.PUBLIC_URL, "numbered": actions.number_of, "with_choices": True}
        for line in statement_lines(events, **told):
            self.stdout.write(line, ending="")
