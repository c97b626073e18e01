"""What was taken off while somebody was under way: whether anything is left that she could do."""

from training import progress
from training.models import CourseVersion, Enrolment
from training.queries import versions


def edition_without(enrolment: Enrolment) -> CourseVersion | None:
    """Return the newest edition for her country, where all that is left to her of her own was taken off; else None.

    While something is left that the newest asks too, or once she has finished, there is none. What the newest asks beyond
    hers is her way on: in her own edition nothing is left that she could do. One query where something is left, else none.
    """
    row = enrolment.progress
    if row.completed_at is not None:
        return None
    state, own = progress.read_state(row.state), versions.edition_of(enrolment.version)
    left = {
        one.id for one in own.asked(row.track) if one.kind != "test" and progress.state_of(state, one.id) != "done"
    }
    newest = versions.newest(enrolment.course_id, enrolment.learner.home) if left else None
    if newest is None or newest.pk == enrolment.version_id:
        return None
    asked = {one.id for one in versions.value_of(newest).asked(row.track)}
    return None if left & asked else newest


def editions_overtaken(course: int) -> set[str]:
    """Return the ids of the editions of a course that ask something which the newest of some country asks no more."""
    chains, _known = versions.editions_of(course)
    newest = [_asked(chain[-1].version) for chain in chains.values()]
    rows = [one.version for chain in chains.values() for one in chain]
    return {one.id for one in rows if any(_asked(one) - asked for asked in newest)}


def _asked(version: progress.Version) -> set[str]:
    return {one.id for track in ("", *version.tracks) for one in version.asked(track) if one.kind != "test"}
