"""Writes of recordings: a prompt spoken by a person, played to callers once another person has heard it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import actions as accounts
from accounts.models import User
from accounts.queries import names_of
from hotline import sounds
from hotline.choices import SOUND_FAULTS
from hotline.ivr import Plan
from hotline.models import Line, Prompt, PromptRecording
from hotline.queries.flows import plan_now
from hotline.queries.lines import forget_lines, reachable, source_digest
from hotline.queries.prompts import digest_in, plans_of, words_in
from hotline.queries.spoken import USUAL, unheard

KEPT_AFTER = timedelta(days=1)  # a call may have been given the address of what was retired meanwhile


class RecordingRefused(ValueError):
    """Raised when a file cannot be what a prompt sounds like; the message says what to mend."""


class HearerSpoke(RecordingRefused):
    """Raised when somebody would vouch for what she recorded or uploaded; another person must have heard it."""

    def __init__(self):
        super().__init__(_("Somebody else than the speaker must have heard the recording against its words."))


class UploadedMeanwhile(RecordingRefused):
    """Raised when somebody else uploaded a recording of the same prompt since the page was opened; hear it first."""

    def __init__(self, by: str):
        name = names_of([by]).get(by, "–")
        words = _(
            "%(name)s uploaded a recording of this meanwhile. Hear it here; then upload yours again if it is better."
        )
        super().__init__(words % {"name": name})


class NotWaiting(LookupError):
    """Raised when a recording was replaced, removed or confirmed meanwhile; look at the page again."""


class StillNeeded(RecordingRefused):
    """Raised when callers of a live line would no longer hear a prompt in a language that is on its keys."""

    def __init__(self):
        super().__init__(
            _(
                "Callers would no longer hear this. Upload another recording in its place, or take the language off the line."
            )
        )


@transaction.atomic
def keep_recording(
    *, key: str, language: str, audio: bytes, recorded_by: str, heard_by: str, by, at: datetime
) -> bool:
    """Keep how a prompt sounds on every line, heard by another; return False when this very recording is there."""
    prompt, facts = _facts(key, language, audio, recorded_by)
    if _is_same_name(recorded_by, heard_by):
        raise HearerSpoke
    live = _live(None, prompt, language)
    if live.filter(content_hash=facts["content_hash"], source_digest=facts["source_digest"]).exists():
        return False
    live.update(retired_at=at)
    PromptRecording.objects.create(
        prompt=prompt, language=language, recorded_at=at, heard_by=heard_by, heard_at=at, **facts
    )
    _note(prompt, language, "hotline.prompt_recorded", by, at)
    return True


@transaction.atomic
def upload_recording(
    *,
    line: Line,
    key: str,
    language: str,
    audio: bytes,
    recorded_by: str,
    by: User,
    at: datetime,
    seen: datetime | None = None,
    is_drafted: bool = False,
) -> PromptRecording:
    """Keep how a prompt of one line sounds; it waits until another person has heard it. One that waited before goes.

    `seen` is when the page was made on which the person saw what waited; without it nobody looked. `is_drafted`: it says
    the words of the line's draft.
    """
    plans = plans_of(line)
    prompt, facts = _facts(key, language, audio, recorded_by, plans[-1] if is_drafted else plans[0])
    Line.objects.select_for_update(no_key=True).get(pk=line.pk)
    rows = PromptRecording.objects.filter(line=line, prompt=prompt, language=language, retired_at=None)
    waiting = _of_same_words(rows.filter(heard_at=None), facts["source_digest"], prompt, language, plans)
    theirs = waiting.exclude(uploaded_by=accounts.actor_id(by)).filter(recorded_at__gt=seen or at).first()
    if theirs is not None:
        raise UploadedMeanwhile(theirs.uploaded_by)
    waiting.delete()
    row = PromptRecording.objects.create(
        line=line, prompt=prompt, language=language, recorded_at=at, uploaded_by=accounts.actor_id(by), **facts
    )
    _note(prompt, language, "hotline.prompt_recorded", by, at, line)
    return row


@transaction.atomic
def confirm_recording(*, recording: PromptRecording, by: User, at: datetime) -> None:
    """Let callers hear a recording: somebody else than its speaker heard that it says the words."""
    line = Line.objects.select_for_update(no_key=True).get(pk=recording.line_id)
    rows = PromptRecording.objects.select_related("prompt").filter(heard_at=None, retired_at=None)
    row = rows.filter(pk=recording.pk).first()
    if row is None:
        raise NotWaiting
    if row.uploaded_by == accounts.actor_id(by) or _is_same_name(row.recorded_by, by.get_full_name()):
        raise HearerSpoke
    live = _live(line, row.prompt, row.language)
    _of_same_words(live, row.source_digest, row.prompt, row.language, plans_of(line)).update(retired_at=at)
    row.heard_by, row.heard_at = accounts.actor_id(by), at
    row.save(update_fields=["heard_by", "heard_at"])
    _note(row.prompt, row.language, "hotline.prompt_heard", by, at, line)


@transaction.atomic
def remove_recording(*, recording: PromptRecording, by: User, at: datetime) -> None:
    """Take a recording of a line away: calls that were given its address still hear it, no new one does."""
    line = Line.objects.select_for_update(no_key=True).get(pk=recording.line_id)
    known = _gaps(line, recording)
    rows = PromptRecording.objects.filter(pk=recording.pk, retired_at=None)
    if not rows.update(retired_at=at):
        raise NotWaiting
    if _gaps(line, recording) > known:
        forget_lines()  # what was read since stands in a transaction that is undone
        raise StillNeeded
    _note(recording.prompt, recording.language, "hotline.prompt_removed", by, at, line)


def _gaps(line: Line, recording: PromptRecording) -> int:
    """Return how many prompts a line that can be called cannot say in the language of a recording, if it is on a key."""
    forget_lines()
    if not reachable(line) or recording.language not in line.language_codes:
        return 0
    gaps = unheard([recording.language], is_reachable=True, is_free=line.is_free, line_id=line.pk, plan=plan_now(line))
    return len(gaps)


def _of_same_words(rows, digest: str, prompt: Prompt, language: str, plans: Sequence[Plan]):
    """Return those whose place a recording takes: of the same words, and of words that the line says nowhere any more."""
    return rows.exclude(source_digest__in={digest_in(prompt, language, plan) for plan in plans} - {digest})


def _facts(key: str, language: str, audio: bytes, recorded_by: str, plan: Plan = USUAL) -> tuple[Prompt, dict]:
    prompt = Prompt.objects.filter(key=key).first()
    words = words_in(prompt, language, plan) if prompt else ""
    if not words:
        raise RecordingRefused(
            _("There is no prompt “%(key)s” with words in %(language)s.") % {"key": key, "language": language}
        )
    try:
        sound = sounds.read(audio)
    except sounds.SoundRefused as error:
        raise RecordingRefused(SOUND_FAULTS[error.code] % error.values) from error
    if not sounds.says_all(sound, words):
        raise RecordingRefused(SOUND_FAULTS["short"] % {"seconds": sound.seconds})
    facts = {
        "content_hash": hashlib.sha256(sound.audio).hexdigest(), "content_type": sound.content_type,
        "audio": sound.audio, "seconds": sound.seconds, "source_digest": source_digest(words),
        "recorded_by": recorded_by,
    }  # fmt: skip
    return prompt, facts


def _live(line: Line | None, prompt: Prompt, language: str):
    rows = PromptRecording.objects.filter(line=line, prompt=prompt, language=language)
    return rows.filter(retired_at=None, heard_at__isnull=False)


def _is_same_name(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _note(prompt: Prompt, language: str, verb: str, by, at: datetime, line: Line | None = None) -> None:
    PromptRecording.objects.filter(retired_at__lt=at - KEPT_AFTER).delete()
    place = {"line": str(line.public_id)} if line else {}
    country = line.country_id if line else ""
    accounts.record(by=by, verb=verb, thing=prompt, at=at, country=country, language=language, **place)
    forget_lines()
