from modeltranslation.translator import TranslationOptions, register

from tests.sample.models import Leaflet, Notice


@register(Leaflet)
class LeafletOptions(TranslationOptions):
    fields = ("heading", "summary", "body")


@register(Notice)
class NoticeOptions(TranslationOptions):
    fields = ("heading", "text")
