"""Text in its true language, links to the same page in other languages, isolated names."""

from dataclasses import dataclass

from django import template
from django.urls import get_script_prefix
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname
from wagtail.fields import RichTextField
from wagtail.rich_text import RichText

from languages import catalogues, clocks, queries, table
from languages import text as texts

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """A link to the page one is on, in another language; `is_shown` says whether it is this one."""

    code: str
    name: str
    english: str
    direction: str
    href: str
    is_current: bool


def current() -> str:
    """Return the code of the language being written, as the table spells it."""
    return table.known(get_language() or table.SOURCE) or table.SOURCE


@register.filter(expects_localtime=True)
def short_day(day) -> str:
    """Write a day short, with its day of the week, as the language being written has it."""
    return clocks.short_day(day)


@register.simple_tag
def shown(thing, field: str):
    """Write a field; when it fell back to another language, wrapped with its true lang and dir."""
    code = queries.shown_language(thing, field, current())
    value = getattr(thing, build_localized_fieldname(field, code), None) or ""
    is_rich = isinstance(thing._meta.get_field(field), RichTextField)
    text = mark_safe(str(RichText(value))) if is_rich and value else conditional_escape(value)  # noqa: S308 -- stored rich text is cleaned
    if not code or code == current():
        return text
    wrapped = '<div lang="{}" dir="{}">{}</div>' if is_rich else '<span lang="{}" dir="{}">{}</span>'
    return format_html(wrapped, code, table.BY_CODE[code].direction, text)


@register.simple_tag
def standing(thing) -> queries.Standing:
    """Return how a thing stands for the reader; one query, and none in the source language."""
    return queries.standing_of(thing, current())


@register.simple_tag
def block_attributes(standing: queries.Standing, field: str, block) -> str:
    """Return lang and dir of a block of a stream, with a blank before them, where it is not in the reader's language."""
    code = standing.language_of(f"{field}.{block.id}")
    return format_html(' lang="{}" dir="{}"', code, table.BY_CODE[code].direction) if code else ""


@register.filter
def said_in(text, code: str):
    """Write a plain text; when it is known to be in another language than is being written, with its true lang and dir."""
    if not code or code == current():
        return text
    return format_html('<span lang="{}" dir="{}">{}</span>', code, table.BY_CODE[code].direction, text)


@register.simple_tag(takes_context=True)
def language_links(context) -> list[LanguageLink]:
    """Return a link to this very page, path and query kept, in each language that is on."""
    request = context.get("request")
    if request is None:
        return []
    head, _slash, rest = request.path_info.lstrip("/").partition("/")
    rest = rest if table.known(head) else ""
    query = f"?{request.META['QUERY_STRING']}" if request.method == "GET" and request.META.get("QUERY_STRING") else ""
    here = current()
    return [
        LanguageLink(
            code, table.BY_CODE[code].own, table.BY_CODE[code].english, table.BY_CODE[code].direction,
            f"{get_script_prefix()}{code}/{rest}{query}", code == here,
        )
        for code in queries.languages_for(getattr(request, "user", None))
    ]  # fmt: skip


@register.simple_tag(takes_context=True)
def whole_language(context) -> LanguageLink | None:
    """Return the link to this page in a language that has the staff's words, where the one being written lacks them."""
    here = current()
    if catalogues.is_whole(here):
        return None
    links = {link.code: link for link in language_links(context)}
    whole = (code for code in (*table.BY_CODE[here].chain, table.SOURCE) if catalogues.is_whole(code))
    return next((links[code] for code in whole if code in links), None)


@register.simple_tag
def unread_language() -> table.Row | None:
    """Return the language being written where words of its pages are a machine's draft that no native reader has read."""
    here = current()
    return table.BY_CODE[here] if catalogues.awaits_native(here) else None


@register.simple_tag(takes_context=True)
def hreflang_links(context, thing=None) -> list[LanguageLink]:
    """Return the links of this page in each public language in which something of the thing is live."""
    links = language_links(context)
    if thing is None:
        return links
    live = queries.live_languages(thing)
    return [link for link in links if link.code in live]


@register.simple_tag
def live_texts(thing) -> list[tuple[table.Row, queries.Status]]:
    """Return the languages in which something of a thing is live beside the source, with how much of it."""
    if thing.pk is None:
        return []
    (found,) = queries.coverage_of([thing]).values()
    return [(table.BY_CODE[code], status) for code, status in found.items() if code != table.SOURCE and status.done]


@register.filter
def model_label(thing) -> str:
    """Return how addresses of the desk name the sort of a thing."""
    return thing._meta.label_lower


@register.filter
def isolate(value) -> SafeString:
    """Wrap a name, number or code in `<bdi>`, so that it does not turn the line around it."""
    return format_html("<bdi>{}</bdi>", value)


@register.filter
def listed(parts) -> str:
    """Join the parts of a list with the comma of the language being written."""
    return texts.listed(parts, current())


@register.simple_tag
def comma() -> str:
    """Write the comma between parts that stand in marks of their own, with its space, in the language being written."""
    return texts.listed(("", ""), current())


@register.filter
def ended(words) -> str:
    """Write words as a sentence, with the full stop of the language being written."""
    return texts.ended(words, current())


@register.filter
def own_name(code: str) -> str:
    """Return the name a language has for itself."""
    return table.BY_CODE[code].own if code in table.BY_CODE else code


@register.filter
def own_names(codes) -> SafeString:
    """Write languages by the names they have for themselves, each with its lang, joined as the page's language joins."""
    return format_html_join(comma(), '<bdi lang="{}">{}</bdi>', ((code, own_name(code)) for code in codes))


@register.filter
def direction(code: str) -> str:
    """Return "rtl" or "ltr"."""
    return table.BY_CODE[code].direction if code in table.BY_CODE else "ltr"


@register.simple_tag
def colon() -> str:
    """Write the colon of the language between a name and what is said of it."""
    return texts.colon(current())


@register.simple_tag
def zone_name() -> str:
    """Write the name of the zone whose clock holds on this page."""
    return clocks.zone_name()


@register.filter
def timed(at) -> str:
    """Return a day and time with the name of the zone whose clock tells it."""
    return clocks.timed(at) if at else ""
