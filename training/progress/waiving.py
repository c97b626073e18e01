"""What was waived for somebody and not taken back, from a state. Pure.

A waiver is kept with the event that gave it, so that one can be taken back by another event that names it, in whatever
order they arrive; given again, it is another event.
"""


def waived(state: dict) -> dict[str, int]:
    """Return when each lesson or story was first let count as done, by its id."""
    found: dict[str, int] = {}
    for activity, _version, _event, at in _standing(state):
        found[activity] = min(at, found.get(activity, at))
    return found


def under(state: dict) -> dict[str, int]:
    """Return when each lesson or story was first done or waived under each edition, by `activity/edition`."""
    found = dict(state["under"])
    for activity, version, _event, at in _standing(state):
        key = f"{activity}/{version}"
        found[key] = min(at, found.get(key, at))
    return found


def waivers_of(state: dict, activity: str) -> tuple[str, ...]:
    """Return the events that let a lesson or story count as done and were not taken back."""
    return tuple(sorted(event for one, _version, event, _at in _standing(state) if one == activity and event))


def _standing(state: dict):
    """Yield activity, edition, event and time of each waiver that stands; an earlier fold knew the activity alone."""
    for key, at in state["waived"].items():
        activity, version, event = (*key.split("/"), "", "")[:3]
        if event not in state["voided"]:
            yield activity, version, event, at
