"""The review: source, what readers have now, what is proposed; approve, send back, still right."""

from django.http import Http404
from django.views.generic import ListView

from accounts.queries import names_of
from cms.desk import marks, queries, words
from languages import actions, table
from languages import queries as language_queries
from languages.choices import Origin
from languages.models import Unit
from languages.queries import ThingKey
from languages.text import diffs, faults_of


class Review(ListView):
    """Texts that wait for review in a language, longest waiting first."""

    template_name = "desk/review.html"
    context_object_name = "units"
    paginate_by = 50

    def get_queryset(self):
        """Return what waits, for somebody who works in the language."""
        self.language = self.kwargs["language"]
        if not queries.may_translate(self.request.user, self.language):
            raise Http404
        return queries.in_review(self.language)

    def get_context_data(self, **kwargs):
        """Add what each text is a part of, its differences, its writer and its warnings."""
        context = super().get_context_data(**kwargs)
        return (
            context
            | texts_in(self.request.user, self.language, context["units"])
            | {
                "approved": [
                    (thing, queries.name_of(thing), len(units), thing._meta.label_lower, {"publish": mark})
                    for thing, units, mark in queries.approved_things(self.language)
                ]
            }
        )


def one_text(user, unit: Unit) -> dict:
    """Return the values of a review that shows one text alone."""
    return texts_in(user, unit.language, [unit])


def texts_in(user, language: str, units: list[Unit]) -> dict:
    """Return what the review shows of some texts in a language."""
    names = names_of({unit.written_by for unit in units})
    needs_second = language_queries.needs_second_person(language, user.country_id or "")
    mine, where = str(user.public_id), queries.where(units)
    texts = [
        _text(unit, names)
        | {"where": where[ThingKey(unit.content_type_id, unit.object_id)]}
        | {"is_own": needs_second and unit.written_by == mine}
        for unit in units
    ]
    return {"row": table.BY_CODE[language], "texts": texts}


def _text(unit, names: dict[str, str]) -> dict:
    segment = unit.segment
    before = language_queries.source_text(segment, unit.live_version) if unit.live_version else ""
    found = faults_of(segment.text, unit.draft, kind=segment.kind, max_length=segment.max_length, tags=segment.tags)
    return {
        "unit": unit,
        "seen": marks.of_unit(unit),
        "field": words.field_of(unit),
        "source": diffs.plainly(segment.text),
        "target": diffs.plainly(unit.draft),
        "source_changes": diffs.compare(before, segment.text) if before not in {"", segment.text} else [],
        "target_changes": diffs.compare(unit.live, unit.draft) if unit.live not in {"", unit.draft} else [],
        "writer": names.get(unit.written_by, ""),
        "warnings": [words.sentence(fault) for fault in found],
        "is_overtaken": actions.is_overtaken(unit) or unit.origin == Origin.MACHINE,
        "model": f"{unit.content_type.app_label}.{unit.content_type.model}",
    }
