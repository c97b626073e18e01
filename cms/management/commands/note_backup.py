"""Note that a backup of the database was made."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from cms import actions


class Command(BaseCommand):
    """Writes down the time of the last backup: the product cannot see by itself whether there is one."""

    help = (
        "Notes that a backup was made: run it right after one that is whole, as in `pg_dump … && manage.py note_backup`."
        " /readyz and doctor tell when the last one is more than two days old."
    )

    def handle(self, *args, **options):
        """Note it."""
        actions.note_chore(name="backup", at=timezone.now())
        self.stdout.write("The backup is noted.")
