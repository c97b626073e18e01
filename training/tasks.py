"""What the worker does for this room: what was kept long enough goes, certificates and their lists, learners who follow on."""

from collections.abc import Callable
from datetime import datetime, timedelta

from training import actions


def drop_refused(at: datetime) -> int:
    """Delete records that were not counted, ninety days after they came."""
    return actions.drop_refused(at=at)


_NEXT: dict[str, datetime] = {}


def _is_time(name: str, at: datetime, every: timedelta) -> bool:
    """Tell whether a job that need not run at each turn is due in this process: at its first turn, then now and then."""
    is_due = _NEXT.get(name, at) <= at
    if is_due:
        _NEXT[name] = at + every
    return is_due


def _in_batches(act: Callable[..., int], at: datetime, every: timedelta) -> int:
    """Let an act do a batch now and then; as long as there was something to do, it goes on at the next turn."""
    if not _is_time(act.__name__, at, every):
        return 0
    done = act(at=at)
    if done:
        _NEXT.pop(act.__name__)
    return done


def issue_certificates(at: datetime) -> int:
    """Each quarter of an hour, issue what could not be issued at once."""
    return _in_batches(actions.issue_left, at, timedelta(minutes=15))


def index_names(at: datetime) -> int:
    """Each quarter of an hour, make the indexes of names on certificates anew that an older key made."""
    return _in_batches(actions.index_names, at, timedelta(minutes=15))


def sign_lists(at: datetime) -> int:
    """Each hour, sign the lists of withdrawn certificates anew that are a day old or bear an older key."""
    return actions.sign_lists(at=at) if _is_time("lists", at, timedelta(hours=1)) else 0


def count_figures(at: datetime) -> int:
    """Count the figures of a course's questions, each course once a day."""
    return actions.count_due_courses(at=at)


def fill_spans(at: datetime) -> int:
    """Each minute, work out anew since when people are trained for whom something changed."""
    return _in_batches(actions.fill_due_spans, at, timedelta(minutes=1))


def count_readiness(at: datetime) -> int:
    """Count who has finished and who is trained in which office, once an hour; each minute it is asked whether it is time."""
    return actions.count_due_readiness(at=at) if _is_time("readiness", at, timedelta(minutes=1)) else 0


def count_lessons(at: datetime) -> int:
    """Count where people stop in a course, each course once a day."""
    return actions.count_due_lessons(at=at) if _is_time("lessons", at, timedelta(minutes=1)) else 0


def move_overtaken(at: datetime) -> int:
    """Move learners to the newest edition, thirty days after a material change."""
    return actions.move_overtaken(at=at)


def let_go_all(at: datetime) -> int:
    """Move who has done all of a course but what was taken off to the edition without it."""
    return actions.let_go_all(at=at)


def refold(at: datetime) -> int:
    """Fold anew what an earlier release folded: progress kept less then."""
    return actions.refold(at=at)


def write_reminders(at: datetime) -> int:
    """Each ten minutes, write the reminders of deadlines that are due."""
    return _in_batches(actions.write_reminders, at, timedelta(minutes=10))


def write_refresher_reminders(at: datetime) -> int:
    """Each ten minutes, write to those whose refresher has become due, or whose certificate lapses soon."""
    return _in_batches(actions.write_refresher_reminders, at, timedelta(minutes=10))


def tell_managers(at: datetime) -> int:
    """Each ten minutes, write to managers what was published that reaches their country."""
    return _in_batches(actions.tell_managers, at, timedelta(minutes=10))


def send_reminder_texts(at: datetime) -> int:
    """Hand on the reminders that go as texts too."""
    return actions.send_reminder_texts(at=at)


def forget_unused(at: datetime) -> int:
    """Each hour, erase progress without an account that nobody has used for a year; with a full batch, go on."""
    if not _is_time("unused", at, timedelta(hours=1)):
        return 0
    done = actions.forget_unused(at=at)
    if done:
        _NEXT.pop("unused")
    return done


TEXT_JOBS = [send_reminder_texts]
HOUSE_JOBS = [
    count_figures,
    drop_refused,
    forget_unused,
    index_names,
    issue_certificates,
    sign_lists,
    move_overtaken,
    let_go_all,
    refold,
    write_reminders,
    write_refresher_reminders,
    tell_managers,
    fill_spans,
    count_readiness,
    count_lessons,
]
JOBS = [*TEXT_JOBS, *HOUSE_JOBS]
