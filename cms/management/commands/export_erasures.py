"""Write the erasure ledger to a file outside the database and its backups."""

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
        """Add what is new, on the disk before this ends; mend a last line that was cut off."""
        file = Path(to)
        try:
            ledger = actions.read_ledger(file) if file.exists() else actions.Ledger(ends_whole=False)
            new = actions.new_erasures(ledger.erasures)
            if new or not ledger.ends_whole:
                actions.write_ledger(file, [*ledger.erasures, *new])
        except (actions.BadLedger, OSError) as error:
            raise CommandError(f"{to}: {error}") from error
        if ledger.torn:
            self.stderr.write(f"{to}: {ledger.torn_words} It was taken out; what the database knows stands whole.")
        self.stdout.write(f"{len(new)} erasures added to {to}; it holds {len(ledger.erasures) + len(new)}.")
