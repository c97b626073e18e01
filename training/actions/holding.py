"""What stands already: which ids, device numbers and papers are taken, by whom and with what content."""

import uuid

from django.db.models import Q

from training.choices import Reason, Verb
from training.models import Event, Learner


class Held:
    """Which ids, device numbers and papers are taken, by whom and with what content."""

    def __init__(self, learner: Learner, events: list[Event]):
        self.learner = learner
        self.ids: dict[uuid.UUID, tuple[int, str]] = {}
        self.seqs: dict[tuple, uuid.UUID] = {}
        self.papers: dict[uuid.UUID, uuid.UUID] = {}
        for row in self._rows(events):
            self._note(*row)

    def _rows(self, events: list[Event]):
        if not events:
            return []
        wanted = Q(pk__in=[event.pk for event in events])
        devices = {event.device for event in events if event.device_seq is not None}
        if devices:
            wanted |= Q(device__in=devices, device_seq__in=[event.device_seq for event in events])
        papers = [event.attempt for event in events if event.verb == Verb.SUBMITTED]
        if papers:
            wanted |= Q(verb=Verb.SUBMITTED, attempt__in=papers)
        return (
            Event.objects.filter(wanted)
            .order_by()
            .values_list("pk", "learner_id", "sha256", "device", "device_seq", "verb", "attempt")
        )

    def _note(self, pk, learner_id, sha256, device, seq, verb, attempt) -> None:
        self.ids[pk] = (learner_id, sha256)
        if seq is not None:
            self.seqs[(device, seq)] = pk
        if verb == Verb.SUBMITTED:
            self.papers[attempt] = pk

    def hold(self, event: Event) -> None:
        """Note an event of this very batch, so that a second copy of it is a duplicate."""
        self._note(event.pk, event.learner_id, event.sha256, event.device, event.device_seq, event.verb, event.attempt)

    def outcome(self, event: Event) -> tuple[str, str]:
        """Return what becomes of an event, given what stands."""
        if event.pk in self.ids:
            learner_id, sha256 = self.ids[event.pk]
            if learner_id != self.learner.pk:
                return "conflict", Reason.ID_TAKEN
            return ("duplicate", "") if sha256 == event.sha256 else ("conflict", Reason.DIFFERENT_CONTENT)
        if event.device_seq is not None and (event.device, event.device_seq) in self.seqs:
            return "conflict", Reason.SEQ_REUSED
        if event.verb == Verb.SUBMITTED and event.attempt in self.papers:
            return "conflict", Reason.ATTEMPT_CLOSED
        return "accepted", ""
