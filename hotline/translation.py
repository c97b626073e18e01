"""Fields of this room that exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from hotline.models import Prompt


@register(Prompt)
class PromptOptions(TranslationOptions):
    """What the line says."""

    fields = ("text",)
