"""What waits at the desk because a question is answered otherwise in one language only."""

from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from cms.desk.queries import may_translate, thing_address
from languages import table
from languages.models import Segment, Unit
from languages.text import plain
from training.models import LanguageFinding, Question
from training.queries.figures import findings_open


@dataclass(frozen=True)
class Pair:
    """One text of a question in the source and in the language."""

    source: str
    target: str


@dataclass(frozen=True)
class Finding:
    """A question that is answered otherwise in one language: both texts, and where the translation is changed."""

    row: LanguageFinding
    language: table.Row
    pairs: tuple[Pair, ...]
    url: str


def languages_of(user) -> list[str]:
    """Return the languages in which a person works at the desk."""
    return [code for code in user.speaks if may_translate(user, code)]


def findings_for(user) -> list[Finding]:
    """Return what waits for a person, oldest first; four queries, whatever the number."""
    rows = list(findings_open(languages_of(user)))
    texts = _texts([row.question_id for row in rows], {row.language for row in rows})
    return [
        Finding(
            row,
            table.BY_CODE[row.language],
            tuple(Pair(source, own.get(row.language, "")) for source, own in texts.get(row.question_id, [])),
            thing_address("thing", row.question, row.language),
        )
        for row in rows
    ]


def _texts(questions: list[int], languages: set[str]) -> dict[int, list[tuple[str, dict[str, str]]]]:
    """Return the texts of questions in reading order: the source, and what readers see in each language."""
    kind = ContentType.objects.get_for_model(Question)
    segments = list(Segment.objects.filter(content_type=kind, object_id__in=questions, retired_at=None))
    live: dict[int, dict[str, str]] = {}
    units = Unit.objects.filter(content_type=kind, object_id__in=questions, language__in=languages).exclude(live="")
    for segment, language, words in units.values_list("segment", "language", "live"):
        live.setdefault(segment, {})[language] = plain(words)
    found: dict[int, list[tuple[str, dict[str, str]]]] = {}
    for segment in segments:
        found.setdefault(segment.object_id, []).append((plain(segment.text), live.get(segment.pk, {})))
    return found
