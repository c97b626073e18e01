"""Write the erasure ledger to a file outside the database and its backups."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import actions


class Command(BaseCommand):
    """Adds one line "owner instant" to a file for each erasure that it does not hold yet."""

    help = (
        "Adds to a file what was erased since the last time. Run it every few minutes (cron), and keep the file"
        " outside the backups of the database: replay_erasures reads it after a backup was put back."
    )

    def add_arguments(self, parser):
        """Take the file to which lines are added."""
        parser.add_argument("--to", metavar="FILE", required=True, help="add the lines to this file")

    def handle(self, *args, to, **options):
        """Add what is new, on the disk before this ends."""
        file = Path(to)
        try:
            known = actions.read_ledger(file.read_text(encoding="utf-8").splitlines() if file.exists() else [])
            new = actions.new_erasures(known)
            with file.open("a", encoding="utf-8") as ledger:
                ledger.writelines(f"{erasure}\n" for erasure in new)
                ledger.flush()
                os.fsync(ledger.fileno())
        except (actions.BadLedger, OSError) as error:
            raise CommandError(f"{to}: {error}") from error
        self.stdout.write(f"{len(new)} erasures added to {to}; it holds {len(known) + len(new)}.")
