"""Demo data of the hotline, made through its own actions and the simulated provider."""

from datetime import datetime

from accounts.demo import BY
from hotline import actions
from hotline.demo import day, earlier, lines, past
from hotline.models import Line


def load_content(*, at: datetime) -> None:
    """Load what callers hear and read, in every language."""
    actions.load_prompts(by=BY, at=at)


def make(*, at: datetime) -> None:
    """Make lines, a week of roster, visits of two earlier days, a day of calls and the figures of the weeks before; what is there already stays as it is."""
    if Line.objects.exists():
        return
    lines.make(at=at)
    earlier.make(at=at)
    day.play(at=at)
    past.make(at=at)
    actions.count_figures(at=at)


def begin(*, at: datetime) -> None:
    """Let the demo begin now, however long its loading took: its caller dials for the network that starts within seconds."""
    day.dial_again(at=at)


def roll(*, at: datetime) -> None:
    """Write the roster of the demo's lines on to a week from now."""
    lines.roll(at=at)
