"""Erase again what a backup brought back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import actions as accounts
from hotline import actions as hotline
from training import actions as training


class Command(BaseCommand):
    """Destroys the keys of everything in a ledger of erasures, empties the contacts and erases the learners among it. Safe to repeat."""

    help = "Erases again what a backup brought back: run it after putting a backup back, before anybody may sign in."

    def add_arguments(self, parser):
        """Take the file that export_erasures wrote."""
        parser.add_argument("file", metavar="FILE", help="the file that export_erasures wrote")

    def handle(self, *args, file, **options):
        """Erase each one, and say what was done; a last line that was cut off is named, and left out."""
        try:
            ledger = accounts.read_ledger(Path(file))
        except (accounts.BadLedger, OSError) as error:
            raise CommandError(f"{file}: {error}") from error
        at, keys, contacts, learners = timezone.now(), 0, 0, 0
        for erasure in ledger.erasures:
            keys += accounts.replay_erasure(erasure=erasure, by="command", at=at)
            contacts += hotline.erase_again(owner=erasure.owner, by="command", at=at)
            learners += training.erase_learner_again(owner=erasure.owner, by="command", at=at)
        if ledger.torn:
            words = "It was left out: look for it in a copy of the file, put it there whole, and run this again."
            self.stderr.write(f"{file}: {ledger.torn_words} {words}")
        done = f"{keys} replayed, {contacts} contacts emptied. {learners} learners erased."
        self.stdout.write(f"{len(ledger.erasures)} erasures read: {done}")
