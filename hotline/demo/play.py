"""Playing one script in the terminal: each request and each thing heard is told as it happens."""

import datetime as dt
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hotline import callers
from hotline.demo.cast import free_operator, leave, on_duty
from hotline.demo.ground import Since
from hotline.demo.stage import ExpectationFailed, Stage
from hotline.queries.lines import line_called
from hotline.telephony import scripts
from hotline.telephony.simulated import Asked, Heard

FOLDER = Path(__file__).resolve().parent.parent / "scripts"
Write = Callable[[str], None]


class NoSuchScript(FileNotFoundError):
    """Raised when a script is neither a file nor one of the product's own; names those that are."""


class ScriptUnreadable(Exception):
    """Raised when the file of a script cannot be read or holds no text in UTF-8; its words say what to do."""


class SimulatorIsOff(Exception):
    """Raised where the simulated provider is not allowed: it exists in the demo and on training sites only."""


def script_text(name: str) -> str:
    """Return the text of a script: a path, or the name of one that comes with the product."""
    for path in (Path(name), FOLDER / f"{name}.txt"):
        if path.is_file():
            return _read(path)
    own = ", ".join(sorted(path.stem for path in FOLDER.glob("*.txt")))
    raise NoSuchScript(_("There is no script %(name)s. Give a file, or one of: %(own)s.") % {"name": name, "own": own})


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScriptUnreadable(
            _("%(name)s is no text in UTF-8. Save it as UTF-8, then try again.") % {"name": path}
        ) from error
    except OSError as error:
        raise ScriptUnreadable(
            _("%(name)s cannot be read. Give a file that you may read.") % {"name": path}
        ) from error


def play_script(text: str, *, at: dt.datetime, write: Write) -> bool:
    """Play a script through the real webhooks in one transaction; tell each step; say whether all that was expected was so."""
    if not settings.SIMULATOR:
        raise SimulatorIsOff(_("The simulated provider is switched off here: it exists in the demo only."))
    steps = scripts.parse(text)
    line = next((line_called(callers.called_number(step.values["to"])) for step in steps if step.word == "call"), None)
    with transaction.atomic():
        operator = free_operator(line, at)
        stage = Stage(
            at=at, seed=secrets.token_hex(8), operator=operator, since=Since.now(),
            observer=lambda what: write(_told(what, at)),
        )  # fmt: skip
        with on_duty(operator, stage):
            is_met = _act(stage, steps, write)
            if leave(stage):
                write("     " + _("The operator closes the sheet of the call."))
    return is_met


def _act(stage: Stage, steps: list[scripts.Step], write: Write) -> bool:
    """Do one step after the other; stop at the first that is not as expected, and say why."""
    for step in steps:
        write(f"{step.number:>3}  {step.line}")
        try:
            stage.act(step)
        except ExpectationFailed as error:
            write(f"     {error}")
            return False
    return True


def _told(what: Heard | Asked, since: dt.datetime) -> str:
    seconds = (what.at - since).total_seconds()
    if isinstance(what, Asked):
        keys = what.fields.get("Digits") or what.fields.get("StatusCallbackEvent") or what.fields.get("CallStatus", "")
        again = " " + _("(again)") if what.repeat else ""
        return f"     {seconds:7.1f} s  POST {what.path} {keys} → {what.status}{again}"
    language = f" [{what.language}{' ' + _('written') if what.written else ''}]" if what.language else ""
    return f"     {seconds:7.1f} s  {what.kind}{language} {what.text}".rstrip()
