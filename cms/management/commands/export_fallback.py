"""manage.py export_fallback: what callers hear when everything of ours is down, as files for other hosting."""

import hashlib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from hotline.queries.fallback import NoLiveLine, NoPlaceForSounds, fallback_of

HOW = """These files answer calls while Fanal is down. Put them on OTHER hosting than Fanal's own: what fails together helps nobody.

* <number>.xml is the answer for that line. Either paste it into a TwiML Bin, or put the folder on a web host that answers
  POST as it answers GET (many static hosts answer 405: try it, see below).
* At Twilio, on the number, SIP domain or trunk of the line: fallback URL = the address of that file, method POST.
* any-other-number.xml is for a SIP domain or trunk that brings calls of several lines: it rings FANAL_DUTY_PHONE and says
  the numbers of each line.
* nginx-duty.conf stays with the proxy in front of Fanal: include it in place of the map $duty_call of
  deploy/nginx.conf.example, so that callers hear these words while the application alone is down.
* The sounds must lie where --sounds said, with their true content type (audio/wav, audio/mpeg).
* Try it: curl -X POST <address> prints the document; ./fanal doctor asks each fallback and says what is wrong with it.
* Export again after a change of duty phone, other number, number of the police, languages or recordings of a line. doctor tells you of a phone
  that is no longer the line's.
"""


class Command(BaseCommand):
    """Write one document a line that telephones reach, the recordings that they play, and what to do with them."""

    help = __doc__

    def add_arguments(self, parser):
        """Declare the folder and the address of the sounds."""
        parser.add_argument("folder", type=Path, help="is made where it is not there")
        parser.add_argument(
            "--sounds", default="", help="https address of the other hosting under which sounds will lie"
        )

    def handle(self, *args, **options):
        """Write the files; exit 2 when nothing could be written."""
        folder, sounds_at = options["folder"], options["sounds"]
        if sounds_at and not sounds_at.startswith("https://"):
            raise CommandError(
                "--sounds must begin with https://: the provider plays nothing from elsewhere.", returncode=2
            )
        try:
            made = fallback_of(sounds_at)
        except (NoLiveLine, NoPlaceForSounds) as fault:
            raise CommandError(str(fault), returncode=2) from fault
        try:
            files = self._write(folder, made)
        except OSError as fault:
            raise CommandError(f"Nothing more was written: {fault}.", returncode=2) from fault
        for number, key, code in made.unheard:
            self.stderr.write(f"{number}: “{key}” cannot be heard in {code} (no recording, no voice of it); left out.")
        for name in files:
            self.stdout.write(name)

    def _write(self, folder: Path, made) -> list[str]:
        folder.mkdir(parents=True, exist_ok=True)
        contents = {name: text.encode() for name, text in made.documents.items()} | made.sounds
        sums = "".join(f"{hashlib.sha256(body).hexdigest()}  {name}\n" for name, body in sorted(contents.items()))
        for name, body in (contents | {"READ-ME.txt": HOW.encode(), "SHA256SUMS": sums.encode()}).items():
            (folder / name).write_bytes(body)
        return sorted(contents)
