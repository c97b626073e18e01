"""Write the head of the audit chain, for keeping with a second organisation."""

from pathlib import Path

from django.core.management.base import BaseCommand

from accounts import queries


class Command(BaseCommand):
    """Adds one line "number hash" to a file, or prints it."""

    help = (
        "Writes the number and hash of the last audit entry: send it to a second organisation, by mail and on paper."
    )

    def add_arguments(self, parser):
        """Take the file to which the line is added."""
        parser.add_argument("--to", metavar="FILE", help="add the line to this file instead of printing it")

    def handle(self, *args, to=None, **options):
        """Write one line."""
        seq, digest = queries.chain_head()
        line = f"{seq} {digest}"
        if not to:
            self.stdout.write(line)
            return
        with Path(to).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        self.stdout.write(f"Entry {seq} is anchored in {to}.")
