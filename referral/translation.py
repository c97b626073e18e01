"""Fields of the map that exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from referral.models import Fact, FactChoice, Pathway, PathwayRole, Service, Step


@register(Pathway)
class PathwayWords(TranslationOptions):
    fields = ("title",)


@register(Step)
class StepWords(TranslationOptions):
    fields = ("title", "guidance", "script")


@register(PathwayRole)
class PathwayRoleWords(TranslationOptions):
    fields = ("name",)


@register(Fact)
class FactWords(TranslationOptions):
    fields = ("label",)


@register(FactChoice)
class FactChoiceWords(TranslationOptions):
    fields = ("label",)


@register(Service)
class ServiceWords(TranslationOptions):
    fields = ("name", "description")
