"""What a learner chose in a scenario: the whole path at each step, so that any phone goes on from it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from training import progress
from training.actions.events import Arrival, Outcome
from training.actions.places import learner_of
from training.actions.recording import record_events
from training.choices import Source, Verb
from training.exchange import stable_id


@transaction.atomic
def submit_choice(
    *, user, scenario: str, version: str, graph: str, play: str, path: Sequence[str], language: str, at: datetime
) -> Outcome:
    """Record a path of a play; the first one in a course enrols. The same path again is a duplicate and changes nothing."""
    arrival = Arrival(
        id=stable_id("chose", play, version, language, *path),
        verb=Verb.CHOSE,
        activity=scenario,
        version=version,
        language=language,
        occurred_at=at,
        payload={"play": play, "graph": graph, "path": list(path)},
    )
    return record_events(learner=learner_of(user), arrivals=[arrival], source=Source.FORM, at=at)[0]


def other_play(play: str, path: Sequence[str]) -> str:
    """Return the play that begins where a path leaves another one: the same for the same path, however often sent."""
    return str(stable_id("play", play, progress.canonical(list(path))))
