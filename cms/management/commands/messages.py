"""`manage.py messages`: bring the interface catalogues in line with the code, in one shape; a second run changes nothing."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import makemessages

from languages import catalogues, table

_LEFT_OUT = (".venv", "var", "tests", "docs", "node_modules", "deploy", "*/migrations", "training/content")


class Command(makemessages.Command):
    """Extracts with gettext, merges without guessing, and tidies each catalogue."""

    help = (
        "Extract and tidy the interface messages of all languages; --check only tells whether that changes anything."
    )
    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching"]

    def add_arguments(self, parser):
        """Add only what this command takes; the rest is fixed so that everybody gets the same files."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail when something is not current")

    def handle(self, *args, **options):
        """Extract, tidy, compile; or, with --check, say what is not current and put everything back."""
        if shutil.which("xgettext") is None:
            raise CommandError("gettext is not on this machine. Install it: sudo apt-get install gettext")
        with one_at_a_time(), ExitStack() as undo:
            before = self.contents()
            undo.callback(self.put_back, before)  # also at Ctrl-C: half a catalogue is nobody's
            self.renew(options)
            undo.pop_all()
            if options["check"]:
                self.compare(before)
                return
        catalogues.compile_all()
        for finding in catalogues.check():
            self.stdout.write(str(finding))
        for code, count in catalogues.counts().items():
            self.stdout.write(f"{code:6} {count.translated} of {count.total}, {count.awaiting} await a native reader")

    def renew(self, options):
        """Extract into every catalogue, and tidy each."""
        entries = {code: catalogues.entries_in(code) for code in table.CODES}
        self.extract(options)
        for code in table.CODES:
            catalogues.tidy(code, entries[code])

    def extract(self, options):
        """Run Django's makemessages for all languages, with options that leave no places and no leftovers."""
        fixed = {
            "domain": "django", "all": False, "locale": [row.folder for row in table.TABLE], "exclude": [],
            "extensions": ["html", "txt", "py"], "symlinks": False, "ignore_patterns": list(_LEFT_OUT),
            "use_default_ignore_patterns": True, "no_wrap": False, "no_location": True, "add_location": None,
            "no_obsolete": True, "keep_pot": False, "verbosity": 0,
        }  # fmt: skip
        super().handle(**(options | fixed))

    def contents(self):
        """Return what each catalogue holds now."""
        paths = [catalogues.path_of(code) for code in table.CODES]
        return {path: path.read_text(encoding="utf-8") if path.exists() else "" for path in paths}

    def compare(self, before):
        """Put the catalogues back and fail when extraction would have changed one."""
        if changed := self.put_back(before):
            names = ", ".join(str(path.relative_to(settings.BASE_DIR)) for path in changed)
            raise CommandError(f"Not current: {names}. Run ./fanal messages and commit what changes.")
        self.stdout.write("The catalogues are current.")

    def put_back(self, before) -> list:
        """Write the catalogues as they were; return those that had changed."""
        changed = [path for path, content in self.contents().items() if content != before[path]]
        for path in changed:
            path.write_text(before[path], encoding="utf-8")
        return changed


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one run write the catalogues, the next one wait: two at once would leave half of each."""
    folder = os.open(catalogues.ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
