"""Course folders into pages, the same way in the demo and in production: through publish, segments and units.

What people edited, took off or deleted here stays as they have it (`training.actions.shipped`).
"""

from datetime import datetime
from pathlib import Path

from django.db import models, transaction

from accounts.actions import record
from accounts.models import Country, User
from languages import actions as language_actions
from languages.revisions import begin_live, born_together
from training import exchange
from training.actions.editions import as_one_edition, course_changed, lock_courses
from training.actions.offering import offer, was_offered
from training.actions.shipped import PLAN, Marks, News, editor_of, held, name_of, plain
from training.exchange import CourseFolder, Words, stable_id
from training.models import Blueprint, Course, Curriculum, Lesson, Module, Overlay, Question, Scenario

CONTENT = Path(__file__).resolve().parent.parent / "content"


def load_courses(
    *, parent, by, at: datetime, folders: list[Path] | None = None, news: News | None = None
) -> list[Course]:
    """Load every course folder below a page; `news` is told what became of each thing."""
    return [load_course(folder, parent, by=by, at=at, news=news) for folder in folders or _folders()]


@transaction.atomic
def load_course(folder: Path, parent, *, by, at: datetime, news: News | None = None) -> Course:
    """Load one course folder: source first, then each language's texts made from that source."""
    loader = _Loader(exchange.read_course(folder), by, at, news)
    lock_courses(models.QuerySet(Course).filter(key=folder.name))
    with as_one_edition(by=by, at=at), born_together() as born:
        course = loader.load(parent)
        language_actions.refresh_many(born, by=loader.actor, at=at)
        loader.settle(course)
    return course


@transaction.atomic
def offer_courses(*, country: Country, by, at: datetime, folders: list[Path] | None = None, news: News) -> None:
    """Offer the loaded courses that name a country there, with its national entries; nothing else is touched."""
    folders = folders or _folders()
    lock_courses(models.QuerySet(Course).filter(key__in=[folder.name for folder in folders]))
    for folder in folders:
        course = models.QuerySet(Course).filter(key=folder.name).first()
        loader = _Loader(exchange.read_course(folder), by, at, news) if course else None
        if loader is not None and country.code in loader.folder.course.get("countries", []):
            with as_one_edition(by=by, at=at):
                loader.offer(course, country)
                loader.settle(course)


def _folders() -> list[Path]:
    return sorted(path for path in CONTENT.iterdir() if path.is_dir())


class _Loader:
    """One run over one folder; notes whether anything differed from what stands."""

    def __init__(self, folder: CourseFolder, by, at: datetime, news: News | None):
        self.folder, self.by, self.at, self.news = folder, by, at, news or News()
        self.marks = Marks(folder.key)
        self.is_new = not models.QuerySet(Course).filter(key=folder.key).exists()
        self.user = by if isinstance(by, User) else None
        self.actor = by if isinstance(by, str) else str(by.public_id)
        self.changed = False
        self.overlays: list[Overlay] = []
        self.bank: list[Question | Scenario] = []
        self.standing: dict[type, set] = {}
        self.translated: list[tuple[models.Model, dict]] = []

    def load(self, parent) -> Course:
        """Write the pages from the top down, then questions and country entries, then every translation at once."""
        folder, words = self.folder, self.folder.course
        curriculum = self._curriculum(parent)
        course = self._course(curriculum)
        for module_words in words["modules"]:
            module = self._module(course, module_words)
            for key in module_words["lessons"] if module else []:
                self._lesson(module, folder.lessons[key])
        for position, item in enumerate(folder.items, 1):
            self._question(course, item, position)
        if folder.scenario is not None:
            self._scenario(course, folder.scenario)
        self._keep_bank()
        for entry in words.get("overlays", []):
            self._overlay(curriculum, entry)
        if self.is_new:
            self.news.made.append(f"Course “{course.heading_en}”")
        else:
            self._offer(course, self._countries())
        return course

    def offer(self, course: Course, country: Country) -> None:
        """Offer the course in one country, with the entries of that country, unless it was taken off there."""
        if self._offer(course, [country]):
            curriculum = models.QuerySet(Curriculum).get(path=course.path[: -course.steplen])
            for entry in self.folder.course.get("overlays", []):
                if entry["country"] == country.code:
                    self._overlay(curriculum, entry)

    def settle(self, course: Course) -> None:
        """Write what was gathered: entries, translations, marks; then the edition, when anything changed."""
        self._keep_overlays()
        if language_actions.seed_many(self.translated, by=self.actor, at=self.at):
            self.changed = True
        self.marks.keep(course)
        if self.changed:
            course_changed(course, by=self.by, at=self.at)
            record(by=self.by, verb="training.course_loaded", thing=f"training.course:{course.key}", at=self.at)

    def _offer(self, course: Course, countries: list[Country]) -> bool:
        """Offer the course where it never was; tell whether it is on offer in all these countries then."""
        standing = set(course.countries.values_list("pk", flat=True))
        missing = [country for country in countries if country.pk not in standing]
        taken_off = [country for country in missing if was_offered(course, country)]
        for country in taken_off:
            self.news.left.append(
                f"{name_of(course)}: taken off for {country.name_en} here; put the country on it in the editor, "
                f"{editor_of(course)}, if that is to change."
            )
        if new := [country for country in missing if country not in taken_off]:
            offer(course, new)
            self.changed = True
            self.news.made += [f"{name_of(course)}, offered in {country.name_en}" for country in new]
        return not taken_off

    def _curriculum(self, parent) -> Curriculum:
        words = self.folder.course
        key = stable_id("curriculum", words["curriculum"])
        values = {"heading_en": words["curriculum_heading"], "summary_en": words["curriculum_summary"]}
        page, is_shipped = self._page(Curriculum, key, parent, words["curriculum"], values)
        self._translate(page, is_shipped, exchange.curriculum_words(self.folder))
        return page

    def _course(self, curriculum: Curriculum) -> Course:
        words, key = self.folder.course, self.folder.key
        values = {f"{name}_en": words.get(name, "") for name in ("heading", "summary", "audience", "disclaimer")}
        values |= {
            "key": key,
            "tracks": words.get("tracks", []),
            PLAN: [Blueprint(form=row["form"], objective=row["objective"], count=row["count"]) for row in words[PLAN]],
            "pass_minimum": words["pass_minimum"],
            "test_attempts": words.get("test_attempts"),
            "test_wait_hours": words.get("test_wait_hours", 0),
            "without_account": words.get("without_account", False),
            "aide_en": self._aide(),
            "glossary_en": self._glossary(),
        }
        place = (curriculum, words["slug"])
        page, is_shipped = self._page(Course, stable_id(key), *place, values, self._countries())
        self._translate(page, is_shipped, exchange.course_words(self.folder))
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

    def _module(self, course: Course, words: dict) -> Module | None:
        values = {"heading_en": words["heading"], "summary_en": words.get("summary", "")}
        key = stable_id(self.folder.key, "module", words["key"])
        page, is_shipped = self._page(Module, key, course, words["slug"], values)
        self._translate(page, is_shipped, exchange.module_words(words))
        return page

    def _lesson(self, module: Module, words: dict) -> None:
        key = self.folder.key
        body = [
            exchange.block_of(screen, screen.get("type", screen["kind"]), (key, words["key"], screen["key"]))
            for screen in words["screens"]
        ]
        values = {"heading_en": words["heading"], "aim_en": words["aim"], "minutes": words["minutes"], "body_en": body}
        values |= {name: words.get(name, []) for name in ("tracks", "objectives")}
        page, is_shipped = self._page(Lesson, stable_id(key, words["key"]), module, words["slug"], values)
        self._translate(page, is_shipped, exchange.lesson_words(key, words))

    def _page(self, model, key, parent, slug: str, values: dict, countries: list[Country] | None = None):
        """Return the page of a stable id, made when it is new, and whether it says what its file says."""
        page = self._standing(model, translation_key=key)
        if page is not None:
            return page, self._follow(str(key), page, values)
        if self._is_gone(str(key), f"{model.__name__} “{values['heading_en']}”"):
            return None, False
        page = model(title=values["heading_en"], slug=slug, translation_key=key, **values)
        if countries is not None:
            page.countries = countries
        self._publish(page, below=type(parent).objects.get(pk=parent.pk))
        self._made(str(key), page, values)
        return page, True

    def _standing(self, model, **place):
        """Return what stands in a place, which its stable id names; the ids of a model are read once."""
        ((field, key),) = place.items()
        if model not in self.standing:
            self.standing[model] = set(models.QuerySet(model).values_list(field, flat=True))
        return models.QuerySet(model).get(**place) if key in self.standing[model] else None

    def _follow(self, key: str, thing, values: dict) -> bool:
        """Bring a thing up to date that nobody edited; tell whether it says what its file says then."""
        differing = [name for name, value in values.items() if held(thing, name) != plain(value)]
        if differing and self.marks.is_edited(key, thing):
            self.news.left.append(f"{name_of(thing)}: edited here; compare in the editor, {editor_of(thing)}")
            return False
        for name in differing:
            setattr(thing, name, values[name] if name == PLAN else thing._meta.get_field(name).to_python(values[name]))
        self.marks.note(key, values)
        if differing:
            self._renew(thing)
            self.news.made.append(f"{name_of(thing)}, brought up to date")
        return True

    def _renew(self, thing) -> None:
        """Put what changed live, as a publish of the source does."""
        if isinstance(thing, Overlay):
            thing.save()
            language_actions.refresh_segments(thing, by=self.actor, at=self.at)
            language_actions.reapply(thing)
            self.changed = True
        else:
            self._publish(thing)

    def _is_gone(self, key: str, name: str) -> bool:
        """Tell whether a thing was loaded once and deleted here since."""
        if key in self.marks:
            self.news.left.append(f"{name}: deleted here; it is not put back.")
        return key in self.marks

    def _made(self, key: str, thing, values: dict) -> None:
        self.marks.note(key, values)
        if not self.is_new:
            self.news.made.append(name_of(thing))

    def _question(self, course: Course, item: dict, position: int) -> None:
        key = self.folder.key
        values = {
            "course": course,
            "objective": item.get("objective", ""),
            "critical": item.get("critical", False),
            "form": item["form"],
            "tracks": item.get("tracks", []),
            "position": position,
            "body_en": [exchange.block_of(item, item["type"], (key, "quiz", item["key"]))],
        }
        self._bank(Question, item["key"], values, exchange.item_words(key, item))

    def _scenario(self, course: Course, words: dict) -> None:
        key = self.folder.key
        values = {
            "activity": stable_id(key, "scenario", words["key"]),
            "course": course,
            **{f"{name}_en": words[name] for name in ("heading", "intro", "note")},
            "start": words.get("start", ""),
            "minutes": words.get("minutes", 10),
            "nodes_en": exchange.node_blocks(key, words),
        }
        self._bank(Scenario, words["key"], values, exchange.scenario_words(key, words))

    def _bank(self, model, key: str, values: dict, words: Words) -> None:
        """Make a thing of the bank, or bring it up to date."""
        name = model._meta.model_name
        mark, is_shipped = f"{name}:{key}", True
        thing = self._standing(model, key=key)
        if thing is not None:
            is_shipped = self._follow(mark, thing, values)
        elif not self._is_gone(mark, f"{model.__name__} {key}"):
            thing = model(key=key, **values)
            self.bank.append(thing)
            self._made(mark, thing, values)
        self._translate(thing, is_shipped, words)

    def _keep_bank(self) -> None:
        """Put what is new in the bank live."""
        for model in (Question, Scenario):
            begin_live([thing for thing in self.bank if isinstance(thing, model)], user=self.user)
        self.changed = self.changed or bool(self.bank)

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
            "source_en": entry["source"],
            "article": entry.get("article", ""),
        }
        place = {"country": country, "curriculum": curriculum, "slot": entry["slot"]}
        mark, is_shipped = f"entry:{entry['country']}:{entry['slot']}", True
        overlay = models.QuerySet(Overlay).filter(**place).first()
        if overlay is not None:
            is_shipped = self._follow(mark, overlay, values)
        elif not self._is_gone(mark, f"National entry {entry['country']}, {entry['slot']}"):
            overlay = Overlay(**place, **values)
            self.overlays.append(overlay)
            self._made(mark, overlay, values)
        self._translate(overlay, is_shipped, exchange.overlay_words(entry))

    def _keep_overlays(self) -> None:
        """Write the country entries that are new."""
        if self.overlays:
            Overlay.objects.bulk_create(self.overlays)
            language_actions.refresh_many(self.overlays, by=self.actor, at=self.at)
            self.changed = True

    def _translate(self, thing, is_shipped: bool, words: Words) -> None:
        """Note the texts of a thing that says what its file says, to be seeded; what a person wrote is left alone."""
        texts = {
            language: found
            for language, translated in self.folder.languages.items()
            if (found := words.in_language(translated))
        }
        if texts and thing is not None and is_shipped:
            self.translated.append((thing, texts))
