"""The roof's fields that exist in every language."""

from modeltranslation.decorators import register
from modeltranslation.translator import TranslationOptions

from cms import models


@register(models.FrontPage)
class FrontPageOptions(TranslationOptions):
    """Heading and summary of the front page."""

    fields = ("heading", "summary")


@register(models.HomePage)
class HomePageOptions(TranslationOptions):
    """Texts of a country's home."""

    fields = ("heading", "summary", "body")


@register(models.StandardPage)
class StandardPageOptions(TranslationOptions):
    """Texts of a standing page."""

    fields = ("heading", "summary", "body")


@register(models.SafetySettings)
class SafetySettingsOptions(TranslationOptions):
    """Words of the banner."""

    fields = ("banner",)
