"""Which columns of this room's rows exist in every language."""

from modeltranslation.translator import TranslationOptions, register

from accounts.models import Country, PublicContact


@register(Country)
class CountryTranslation(TranslationOptions):
    """The name of a country and what its regions are called."""

    fields = ("name", "area_word")


@register(PublicContact)
class PublicContactTranslation(TranslationOptions):
    """What a public number is called and when it answers."""

    fields = ("name", "hours")
