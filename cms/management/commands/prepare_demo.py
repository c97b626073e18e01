"""manage.py prepare_demo: what the demo needs before it is served, in one start of Django instead of three."""

import gc
import traceback
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.db.migrations.exceptions import InconsistentMigrationHistory, NodeNotFoundError
from django.utils import timezone

import hotline.demo
from cms import demo_guard
from hotline.actions.heartbeat import note_alive

NOT_MIGRATED, NOT_A_DEMO = 3, 4
TOO_OLD = (NodeNotFoundError, InconsistentMigrationHistory)
UNMIGRATED = (Error, CommandError, OSError, *TOO_OLD)
# The models drawn anew at each step are so many that looking for garbage every 700 of them costs a fifth of the time.
OBJECTS_BETWEEN_COLLECTIONS = 20_000


class Command(BaseCommand):
    """Bring the database up to date, load the demo once, write the card down."""

    help = "Migrates, loads the demo, and writes the card that is shown once the demo is served into a file."

    def add_arguments(self, parser):
        """Take the file of the card."""
        parser.add_argument("card", type=Path, help="the file into which the card is written")

    def handle(self, *args, card: Path, **options):
        """Do the three; the exit code tells what failed: 3 the migration, 4 a database that is not a demo's."""
        gc.freeze()
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        try:
            demo_guard.refuse_others()
            call_command("migrate", verbosity=0)
        except demo_guard.NotADemo as error:
            raise CommandError(str(error), returncode=NOT_A_DEMO) from error
        except UNMIGRATED as error:
            self.stderr.write(traceback.format_exc())
            raise CommandError(_words(error), returncode=NOT_MIGRATED) from error
        call_command("create_demo", stdout=self.stdout)
        # The worker starts within seconds; until it speaks for itself, nobody who waits is led away from the operators.
        note_alive(at=timezone.now())
        hotline.demo.begin(at=timezone.now())
        with card.open("w", encoding="utf-8") as file:
            call_command("demo_card", stdout=file)


def _words(error: Exception) -> str:
    if isinstance(error, TOO_OLD):
        return "This demo is too old to be brought up to date. ./fanal demo --fresh deletes it and makes a new one."
    return str(error)
