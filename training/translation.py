"""Which fields have one column per language."""

from modeltranslation.translator import TranslationOptions, register

from training.models import Course, Curriculum, Lesson, Module, Overlay, Question, Scenario


@register(Curriculum)
class CurriculumTranslation(TranslationOptions):
    """Words of a curriculum."""

    fields = ("heading", "summary")
    required_languages = {"en": ("heading",), "default": ()}


@register(Course)
class CourseTranslation(TranslationOptions):
    """Words of a course."""

    fields = ("heading", "summary", "audience", "disclaimer", "aide", "glossary")
    required_languages = {"en": ("heading", "summary"), "default": ()}


@register(Module)
class ModuleTranslation(TranslationOptions):
    """Words of a module."""

    fields = ("heading", "summary")
    required_languages = {"en": ("heading",), "default": ()}


@register(Lesson)
class LessonTranslation(TranslationOptions):
    """Words and screens of a lesson."""

    fields = ("heading", "aim", "body")
    required_languages = {"en": ("heading", "aim", "body"), "default": ()}


@register(Question)
class QuestionTranslation(TranslationOptions):
    """A question with its answers."""

    fields = ("body",)
    required_languages = {"en": ("body",), "default": ()}


@register(Scenario)
class ScenarioTranslation(TranslationOptions):
    """A scenario with its scenes and ends."""

    fields = ("heading", "intro", "note", "nodes")
    required_languages = {"en": ("heading", "intro", "note", "nodes"), "default": ()}


@register(Overlay)
class OverlayTranslation(TranslationOptions):
    """What holds in one country."""

    fields = ("text", "source")
    required_languages = {"en": ("text", "source"), "default": ()}
