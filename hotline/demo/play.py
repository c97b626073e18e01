"""Playing one script in the terminal: each request and each thing heard is told as it happens."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from hotline import callers
from hotline.demo.stage import ExpectationFailed, Stage
from hotline.models import Shift
from hotline.queries.lines import LineFacts, line_called
from hotline.telephony import scripts
from hotline.telephony.simulated import Asked, Heard

FOLDER = Path(__file__).resolve().parent.parent / "scripts"
Write = Callable[[str], None]


class NoSuchScript(FileNotFoundError):
    """Raised when a script is neither a file nor one of the product's own; names those that are."""


class SimulatorIsOff(Exception):
    """Raised where the simulated provider is not allowed: it exists in the demo and on training sites only."""


def script_text(name: str) -> str:
    """Return the text of a script: a path, or the name of one that comes with the product."""
    for path in (Path(name), FOLDER / f"{name}.txt"):
        if path.is_file():
            return path.read_text(encoding="utf-8")
    own = ", ".join(sorted(path.stem for path in FOLDER.glob("*.txt")))
    raise NoSuchScript(_("There is no script %(name)s. Give a file, or one of: %(own)s.") % {"name": name, "own": own})


def _operator(line: LineFacts | None, at: dt.datetime) -> User | None:
    """Return somebody on shift on a line who is not on a call, ready ones first."""
    if line is None:
        return None
    shifts = Shift.objects.filter(line_id=line.id, duty="operator", starts_at__lte=at, ends_at__gt=at)
    people = [shift.user for shift in shifts.select_related("user", "user__operator_state").order_by("user__email")]
    return next((person for person in people if getattr(person, "operator_state", None) is None
                 or person.operator_state.state not in {"offered", "on_call"}), None)  # fmt: skip


def play_script(text: str, *, at: dt.datetime, write: Write) -> bool:
    """Play a script through the real webhooks in one transaction; tell each step; say whether all that was expected was so."""
    if not settings.SIMULATOR:
        raise SimulatorIsOff(_("The simulated provider is switched off here: it exists in the demo only."))
    steps = scripts.parse(text)
    line = next((line_called(callers.called_number(step.values["to"])) for step in steps if step.word == "call"), None)
    stage = Stage(
        at=at, seed=f"{at.isoformat()}", operator=_operator(line, at), observer=lambda what: write(_told(what, at))
    )
    with transaction.atomic():
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
