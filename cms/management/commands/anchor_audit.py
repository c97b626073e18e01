"""Write the head of the audit chain, for keeping with a second organisation."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from accounts import queries
from cms import actions


class Command(BaseCommand):
    """Adds one line "number hash" to a file, or prints it."""

    help = (
        "Writes the number and hash of the last audit entry: send it to a second organisation, by mail and on paper."
    )

    def add_arguments(self, parser):
        """Take the file to which the line is added."""
        parser.add_argument("--to", metavar="FILE", help="add the line to this file instead of printing it")

    def handle(self, *args, to=None, **options):
        """Write one line, and note that it was done."""
        seq, digest = queries.chain_head()
        line = f"{seq} {digest}"
        if to:
            with Path(to).open("a", encoding="utf-8") as file:
                file.write(line + "\n")
            line = f"Entry {seq} is anchored in {to}."
        actions.note_chore(name="anchor", at=timezone.now())
        self.stdout.write(line)
