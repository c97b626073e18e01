"""The material numbers of an edition: by them it is known who is asked anew.

A number rises only when a material change touched its activity: what it says, or of whom it is asked. Where it says the
same, `done_from` keeps the number from which on it was done as it stands, and `asked_to` the number up to which those are
asked of whom it was asked before. Asked of more people by a change that is not material it stays, and `asked_to` is 0 for
them: none of them who has finished is asked. Both keys stand only where they differ from the number.

What an edition does not hold any more rests in it, with its number and what it said, so that what comes back goes on from
there; what rested before editions said so is looked for among the earlier ones.
"""

from collections.abc import Iterator, Mapping

from training import progress
from training.choices import Track
from training.models import CourseVersion
from training.queries.entries import law_before
from training.queries.said import is_asked, newly_asked
from training.queries.versions import earlier_with

KEPT = ("content", "material", "slots", "risen", "required", "tracks", "done_from", "asked_to")


class Numbers:
    """The numbers of a new edition, after the last one of its chain."""

    def __init__(
        self, last: CourseVersion | None, country: str, overlays: list[dict], material: set[str], fresh: set[str]
    ):
        """Take what an editor said is material; `fresh` gathers what is new in the course, so that it is looked for once."""
        skeleton = progress.read(last.body) if last else {}
        rested = skeleton.get("resting", {})
        self.last, self.material, self.fresh, self.has_risen = last, material, fresh, False
        self.before = {one["id"]: one for one in activities_in(skeleton)}
        self.rested, self.held = dict(rested.get("activities", {})), set()
        self.entries = {entry["slot"]: entry["content"] for entry in overlays}
        self.earlier = rested.get("slots", {}) | {one["slot"]: one["content"] for one in skeleton.get("overlays", ())}
        said = [slot for slot in self.entries if f"{country}:{slot}" in material]
        self.slots = {slot for slot in said if law_before(last, skeleton, slot) != self.entries[slot]}

    def of(self, entry: dict) -> dict:
        """Return an activity with its number, and with what else is to be known of whom it is asked."""
        self.held.add(entry["id"])
        last = self.before.get(entry["id"]) or self._at_rest(entry["id"])
        if last is None:
            return entry | {"material": self._first(entry)}
        self.has_risen |= bool(last.get("risen"))
        if self._rewritten(entry, last) or self.slots.intersection(entry["slots"]):
            self.has_risen = True
            return entry | {"material": last["material"] + 1}
        return entry | self._said_as_before(entry, last)

    def _said_as_before(self, entry: dict, last: Mapping) -> dict:
        """Return the number of what says the same as before; it rises where an editor said that others are asked as well."""
        number, done_from = last["material"], last.get("done_from", last["material"])
        asked_to = {group: last.get("asked_to", {}).get(group, number) for group in ("", *Track.values)}
        newly = newly_asked(last, entry)
        if newly and entry["id"] in self.material:
            number, self.has_risen = number + 1, True
            asked_to |= dict.fromkeys(newly, number)
        else:
            asked_to |= dict.fromkeys(newly, 0)
        others = {group: to for group, to in asked_to.items() if to != number and is_asked(entry, group)}
        found = {"material": number, "done_from": done_from, "asked_to": others}
        return {name: value for name, value in found.items() if value not in (number, {}) or name == "material"}

    def resting(self) -> dict:
        """Return what stood in an earlier edition and not in this one, once the number of all that stands was asked."""
        left = {key: one for key, one in (self.rested | self.before).items() if key not in self.held}
        slots = {slot: content for slot, content in self.earlier.items() if slot not in self.entries}
        activities = {key: self._put_to_rest(one) for key, one in left.items()}
        return ({"activities": activities} if activities else {}) | ({"slots": slots} if slots else {})

    def _put_to_rest(self, one: Mapping) -> dict:
        """Return what is kept of what rests; law that it shows and that changes meanwhile makes it rise as well."""
        kept = {name: one[name] for name in KEPT if name in one}
        if self.slots.intersection(one["slots"]):
            kept |= {"material": one["material"] + 1, "risen": True}
            kept = {name: value for name, value in kept.items() if name not in ("done_from", "asked_to")}
        return kept

    def _first(self, entry: dict) -> int:
        """Return the number of something new: 1 in a first edition, or where an editor said that it is material.

        Added otherwise it is 0: nobody who has finished is asked to come back for it.
        """
        if self.last is None or entry["id"] not in self.material:
            return int(self.last is None)
        self.has_risen = True
        return 1

    def _rewritten(self, entry: dict, last: Mapping) -> bool:
        return entry["id"] in self.material and entry["content"] != last["content"]

    def _at_rest(self, key: str) -> Mapping | None:
        """Return an activity that the last edition does not hold as it last stood in this chain; None: it is new."""
        if self.last is None or key in self.rested or key in self.fresh:
            return self.rested.get(key)
        before = earlier_with(self.last, f'"id":"{key}"')
        found = next((one for one in activities_in(before) if one["id"] == key), None)
        if found is None and self.last.country_id is None:
            self.fresh.add(key)  # whatever a country's edition holds, that for all countries holds too
        return found


def activities_in(skeleton: Mapping) -> Iterator[dict]:
    """Yield the activity entries of an edition as its JSON has them, lessons first."""
    for module in skeleton.get("modules", ()):
        yield from module["lessons"]
    yield from skeleton.get("scenarios", ())
    yield from skeleton.get("tests", ())
