"""The review: source, what readers have now, what is proposed; approve, send back, still right."""

from django.http import Http404
from django.views.generic import ListView

from accounts.queries import names_of
from cms.desk import diffs, queries, words
from languages import actions, table
from languages import queries as language_queries
from languages.choices import Origin
from languages.queries import ThingKey
from languages.text import faults_of


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
        names = names_of({unit.written_by for unit in context["units"]})
        needs_second = language_queries.needs_second_person(self.language, self.request.user.country_id or "")
        mine, where = str(self.request.user.public_id), queries.where(context["units"])
        return context | {
            "row": table.BY_CODE[self.language],
            "texts": [
                _text(unit, names)
                | {"where": where[ThingKey(unit.content_type_id, unit.object_id)]}
                | {"is_own": needs_second and unit.written_by == mine}
                for unit in context["units"]
            ],
            "approved": [
                (thing, queries.name_of(thing), count, thing._meta.label_lower)
                for thing, count in queries.approved_things(self.language)
            ],
            "others": [code for code in self.request.user.speaks if queries.may_translate(self.request.user, code)],
        }


def _text(unit, names: dict[str, str]) -> dict:
    segment = unit.segment
    before = language_queries.source_text(segment, unit.live_version) if unit.live_version else ""
    found = faults_of(segment.text, unit.draft, kind=segment.kind, max_length=segment.max_length, tags=segment.tags)
    return {
        "unit": unit,
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
