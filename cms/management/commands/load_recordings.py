"""manage.py load_recordings: a folder of sound files, one for each prompt, becomes a language of the lines."""

from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils import timezone

from hotline.actions.recordings import RecordingRefused, keep_recording
from languages import table


class Command(BaseCommand):
    """Keep each file under the prompt of its name; say which were refused."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare the language, the folder and the two people."""
        parser.add_argument("language", choices=table.CODES)
        parser.add_argument("folder", type=Path, help="holds greeting.wav or .mp3 and so on")
        parser.add_argument("--recorded-by", required=True, help="who speaks")
        parser.add_argument(
            "--heard-by", required=True, help="who heard each recording against its words; another one"
        )

    def handle(self, *args, **options):
        """Keep what can be kept; exit 2 when a file was refused or there is none."""
        people = {"recorded_by": options["recorded_by"], "heard_by": options["heard_by"]}
        files, refused = sorted(options["folder"].glob("*.[wm][ap][v3]")), 0
        for file in files:
            try:
                is_new = keep_recording(
                    key=file.stem, language=options["language"], audio=file.read_bytes(), by="load_recordings",
                    at=timezone.now(), **people,
                )  # fmt: skip
            except RecordingRefused as fault:
                refused += 1
                self.stderr.write(f"{file.name}: {fault}")
            else:
                self.stdout.write(f"{'kept' if is_new else 'known'}  {file.name}")
        if refused or not files:
            self.stderr.write(f"{refused} of {len(files)} files were refused.")
            raise SystemExit(2)
