"""What the worker does for this room: what was kept long enough goes, certificates and their lists, learners who follow on."""

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


def issue_certificates(at: datetime) -> int:
    """Each quarter of an hour, issue what could not be issued at once; with a full batch, go on at the next turn."""
    if not _is_time("certificates", at, timedelta(minutes=15)):
        return 0
    done = actions.issue_left(at=at)
    if done:
        _NEXT.pop("certificates")
    return done


def sign_lists(at: datetime) -> int:
    """Each hour, sign the lists of withdrawn certificates anew that are a day old or bear an older key."""
    return actions.sign_lists(at=at) if _is_time("lists", at, timedelta(hours=1)) else 0


def count_figures(at: datetime) -> int:
    """Count the figures of a course's questions, each course once a day."""
    return actions.count_due_courses(at=at)


def fill_spans(at: datetime) -> int:
    """Each minute, work out anew since when people are trained for whom something changed; with a full batch, go on."""
    if not _is_time("spans", at, timedelta(minutes=1)):
        return 0
    done = actions.fill_due_spans(at=at)
    if done:
        _NEXT.pop("spans")
    return done


def count_readiness(at: datetime) -> int:
    """Each hour, count who is trained in which office."""
    return actions.count_due_readiness(at=at) if _is_time("readiness", at, timedelta(minutes=1)) else 0


def count_lessons(at: datetime) -> int:
    """Count where people stop in a course, each course once a day."""
    return actions.count_due_lessons(at=at) if _is_time("lessons", at, timedelta(minutes=1)) else 0


def move_overtaken(at: datetime) -> int:
    """Move learners to the newest edition, thirty days after a material change."""
    return actions.move_overtaken(at=at)


def refold(at: datetime) -> int:
    """Fold anew what an earlier release folded: progress kept less then."""
    return actions.refold(at=at)


def write_reminders(at: datetime) -> int:
    """Each ten minutes, write the reminders of deadlines that are due; with a full batch, go on at the next turn."""
    if not _is_time("reminders", at, timedelta(minutes=10)):
        return 0
    done = actions.write_reminders(at=at)
    if done:
        _NEXT.pop("reminders")
    return done


def send_reminder_texts(at: datetime) -> int:
    """Hand on the reminders that go as texts too."""
    return actions.send_reminder_texts(at=at)


TEXT_JOBS = [send_reminder_texts]
HOUSE_JOBS = [
    count_figures,
    drop_refused,
    issue_certificates,
    sign_lists,
    move_overtaken,
    refold,
    write_reminders,
    fill_spans,
    count_readiness,
    count_lessons,
]
JOBS = [*TEXT_JOBS, *HOUSE_JOBS]
