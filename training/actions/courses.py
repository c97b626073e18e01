"""Course folders into pages, the same way in the demo and in production: through publish, segments and units."""

from datetime import datetime
from pathlib import Path

from django.db import models, transaction

from accounts.actions import record
from accounts.models import Country, User
from languages import actions as language_actions
from training import exchange
from training.actions.editions import as_one_edition, course_changed
from training.exchange import CourseFolder, Words, stable_id
from training.models import Course, Curriculum, Lesson, Module, Overlay, Question

CONTENT = Path(__file__).resolve().parent.parent / "content"


def load_courses(*, parent, by, at: datetime, folders: list[Path] | None = None) -> list[Course]:
    """Load every course folder below a page; a second run changes nothing."""
    found = folders if folders is not None else sorted(path for path in CONTENT.iterdir() if path.is_dir())
    return [load_course(folder, parent, by=by, at=at) for folder in found]


@transaction.atomic
def load_course(folder: Path, parent, *, by, at: datetime) -> Course:
    """Load one course folder: source first, then each language's texts made from that source."""
    read = exchange.read_course(folder)
    with as_one_edition(by=by, at=at):
        loader = _Loader(read, by, at)
        course = loader.load(parent)
        if loader.changed:
            course_changed(course, by=by, at=at)
            record(by=by, verb="training.course_loaded", thing=f"training.course:{course.key}", at=at)
    return course


class _Loader:
    """One run over one folder; notes whether anything differed from what stands."""

    def __init__(self, folder: CourseFolder, by, at: datetime):
        self.folder, self.by, self.at = folder, by, at
        self.user = by if isinstance(by, User) else None
        self.actor = by if isinstance(by, str) else str(by.public_id)
        self.changed = False
        self.overlays: list[Overlay] = []
        self.translated: list[tuple[models.Model, dict]] = []

    def load(self, parent) -> Course:
        """Write the pages from the top down, then questions and country entries, then every translation at once."""
        folder, words = self.folder, self.folder.course
        curriculum = self._curriculum(parent)
        course = self._course(curriculum)
        for module_words in words["modules"]:
            module = self._module(course, module_words)
            for key in module_words["lessons"]:
                self._lesson(module, folder.lessons[key])
        for position, item in enumerate(folder.items, 1):
            self._question(course, item, position)
        for entry in words.get("overlays", []):
            self._overlay(curriculum, entry)
        self._keep_overlays()
        if language_actions.seed_many(self.translated, by=self.actor, at=self.at):
            self.changed = True
        return course

    def _curriculum(self, parent) -> Curriculum:
        words = self.folder.course
        key = stable_id("curriculum", words["curriculum"])
        values = {"heading_en": words["curriculum_heading"], "summary_en": words["curriculum_summary"]}
        page = self._page(Curriculum, key, parent, words["curriculum"], values)
        self._translate(page, exchange.curriculum_words(self.folder))
        return page

    def _course(self, curriculum: Curriculum) -> Course:
        words, key = self.folder.course, self.folder.key
        values = {f"{name}_en": words.get(name, "") for name in ("heading", "summary", "audience", "disclaimer")}
        values |= {
            "key": key,
            "draw": len(self.folder.items),
            "pass_minimum": words["pass_minimum"],
            "aide_en": self._aide(),
            "glossary_en": self._glossary(),
        }
        page = self._page(Course, stable_id(key), curriculum, words["slug"], values, self._countries())
        self._translate(page, exchange.course_words(self.folder))
        return page

    def _countries(self) -> list[Country]:
        return list(Country.objects.filter(code__in=self.folder.course.get("countries", [])).order_by("code"))

    def _aide(self) -> list[dict]:
        key, words = self.folder.key, self.folder.course
        return [
            {"type": kind, "value": text, "id": str(stable_id(key, "aide", kind, str(number)))}
            for kind in ("do", "dont")
            for number, text in enumerate(words.get(f"aide_{kind}", []), 1)
        ]

    def _glossary(self) -> list[dict]:
        key, words = self.folder.key, self.folder.course.get("glossary", [])
        return [
            {"type": "word", "value": dict(word), "id": str(stable_id(key, "glossary", str(number)))}
            for number, word in enumerate(words, 1)
        ]

    def _module(self, course: Course, words: dict) -> Module:
        values = {"heading_en": words["heading"], "summary_en": words.get("summary", "")}
        page = self._page(Module, stable_id(self.folder.key, "module", words["key"]), course, words["slug"], values)
        self._translate(page, exchange.module_words(words))
        return page

    def _lesson(self, module: Module, words: dict) -> Lesson:
        key = self.folder.key
        body = [
            exchange.block_of(screen, screen.get("type", screen["kind"]), (key, words["key"], screen["key"]))
            for screen in words["screens"]
        ]
        values = {"heading_en": words["heading"], "aim_en": words["aim"], "minutes": words["minutes"], "body_en": body}
        page = self._page(Lesson, stable_id(key, words["key"]), module, words["slug"], values)
        self._translate(page, exchange.lesson_words(key, words))
        return page

    def _page(self, model, key, parent, slug: str, values: dict, countries: list[Country] | None = None):
        """Return the page of a stable id; make it, or publish it anew, only when something differs."""
        page = models.QuerySet(model).filter(translation_key=key).first()
        if page is None:
            page, above = model(title=values["heading_en"], slug=slug, translation_key=key, **values), parent
        elif not self._apply(page, values) and (countries is None or set(page.countries.all()) == set(countries)):
            return page
        else:
            above = None
        if countries is not None:
            page.countries = countries
        self._publish(page, below=above and type(above).objects.get(pk=above.pk))
        return models.QuerySet(model).get(pk=page.pk)

    def _apply(self, thing, values: dict) -> bool:
        """Set what differs and tell whether anything did."""
        differs = False
        for name, value in values.items():
            now = getattr(thing, name)
            if (now.get_prep_value() if hasattr(now, "get_prep_value") else now) != value:
                setattr(thing, name, thing._meta.get_field(name).to_python(value))
                differs = True
        return differs

    def _question(self, course: Course, item: dict, position: int) -> None:
        key = self.folder.key
        values = {
            "course": course,
            "objective": item.get("objective", ""),
            "critical": item.get("critical", False),
            "position": position,
            "body_en": [exchange.block_of(item, item["type"], (key, "quiz", item["key"]))],
        }
        question = models.QuerySet(Question).filter(key=item["key"]).first()
        if question is None:
            (question,) = Question.objects.bulk_create([Question(key=item["key"], live=False, **values)])
            self._publish(question)
        elif self._apply(question, values):
            self._publish(question)
        self._translate(question, exchange.item_words(key, item))

    def _publish(self, thing, below=None) -> None:
        self.changed = True
        thing.go_live(user=self.user, below=below)

    def _overlay(self, curriculum: Curriculum, entry: dict) -> None:
        country = Country.objects.filter(code=entry["country"]).first()
        if country is None:
            return
        values = {
            "text_en": entry["text"],
            "source_kind": entry["source_kind"],
            "source": entry["source"],
            "article": entry.get("article", ""),
        }
        place = {"country": country, "curriculum": curriculum, "slot": entry["slot"]}
        overlay = models.QuerySet(Overlay).filter(**place).first()
        if overlay is None:
            overlay = Overlay(**place, **values)
            self.overlays.append(overlay)
        elif self._apply(overlay, values):
            overlay.save()
            language_actions.refresh_segments(overlay, by=self.actor, at=self.at)
            language_actions.reapply(overlay)
            self.changed = True
        self._translate(overlay, exchange.overlay_words(entry))

    def _keep_overlays(self) -> None:
        """Write the country entries that are new."""
        if self.overlays:
            Overlay.objects.bulk_create(self.overlays)
            language_actions.refresh_many(self.overlays, by=self.actor, at=self.at)
            self.changed = True

    def _translate(self, thing, words: Words) -> None:
        """Note the texts made from the source as it stands, to be seeded; what a person wrote is left alone."""
        texts = {
            language: found
            for language, translated in self.folder.languages.items()
            if (found := words.in_language(translated))
        }
        if texts:
            self.translated.append((thing, texts))
