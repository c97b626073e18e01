"""Check the audit chain from the first entry to the last, also against anchors kept elsewhere."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import queries

WORDS = {
    "gap": "an entry is missing here, or the end was cut off or added to",
    "prev": "it does not hold the hash of the entry before it",
    "hash": "its time, body or hash was changed",
    "columns": "its verb, actor, thing or country, which the screens show, is not the one in its body",
    "anchor": "it is not the entry that was anchored",
}


class Command(BaseCommand):
    """Says "whole" and ends with 0, or names each break and ends with 1."""

    help = "Checks the audit chain: edits, deletions, a cut tail; with --anchors also a chain that was rewritten."

    def add_arguments(self, parser):
        """Take the file of anchors."""
        parser.add_argument("--anchors", metavar="FILE", help="lines of `number hash`, as anchor_audit writes them")

    def handle(self, *args, anchors=None, **options):
        """Check, and say what was found."""
        pairs = _read(anchors) if anchors else []
        found = queries.chain_faults(pairs)
        if found:
            lines = [f"entry {fault.seq}: {fault.kind}, {WORDS[fault.kind]}" for fault in found[:50]]
            raise CommandError("\n".join([f"The audit chain is broken in {len(found)} places:", *lines]))
        seq, digest = queries.chain_head()
        self.stdout.write(f"The audit chain is whole: {seq} entries, {len(pairs)} anchors, head {digest[:16]}.")


def _read(path: str) -> list[tuple[int, str]]:
    """Return the anchors of a file; a line that is none is an error, not a silence."""
    pairs = []
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"The anchors cannot be read: {path}") from error
    for number, line in enumerate(lines, start=1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) != 2 or not parts[0].isdigit() or len(parts[1]) != 64:
            raise CommandError(f"Line {number} of {path} is no anchor: write number and hash.")
        pairs.append((int(parts[0]), parts[1]))
    return pairs
