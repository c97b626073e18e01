"""Parts of pages that stand in more than one template: icons, fields, chips."""

import re
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()

SYMBOL = re.compile(r'<symbol id="([a-z]+)" viewBox="([0-9 ]+)">(.*?)</symbol>', re.DOTALL)

FULL_STOPS = " .。।۔።"


class NoSuchIcon(KeyError):
    """Raised when a template asks for a symbol that icons.svg does not hold."""


@cache
def symbols() -> dict[str, tuple[str, str]]:
    """Return the symbols of icons.svg: name -> (view box, drawing)."""
    text = Path(settings.BASE_DIR / "cms" / "static" / "icons.svg").read_text(encoding="utf-8")
    return {name: (box, drawing.strip()) for name, box, drawing in SYMBOL.findall(text)}


@register.simple_tag
def icon(name, css="i"):
    """Draw a symbol in place, hidden from screen readers: its word stands beside it. No request is made for it."""
    return _drawn(str(name), str(css))


@lru_cache(maxsize=512)
def _drawn(name: str, css: str) -> str:
    try:
        box, drawing = symbols()[name]
    except KeyError as error:
        raise NoSuchIcon(name) from error
    return format_html(
        '<svg class="{}" viewBox="{}" aria-hidden="true" focusable="false">{}</svg>',
        css,
        box,
        mark_safe(drawing),  # noqa: S308 -- our own file
    )


@register.inclusion_tag("components/field.html")
def field(bound, **attributes):
    """Draw a form field: label, hint, error, control, in this order."""
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "") or ("textarea" if hasattr(widget.attrs, "rows") else "select")
    classes = "" if kind in ("checkbox", "radio", "hidden", "file") else "input"
    attrs = {"class": " ".join(filter(None, [classes, attributes.pop("css", "")]))} | attributes
    described = [f"{bound.id_for_label}_hint"] * bool(bound.help_text) + [f"{bound.id_for_label}_error"] * bool(
        bound.errors
    )
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    grouped = kind == "radio" or (kind == "checkbox" and hasattr(widget, "choices"))
    return {"bound": bound, "control": bound.as_widget(attrs=attrs), "kind": kind, "grouped": grouped}


@register.filter
def without_stop(words):
    """Return a label without its full stop, of whatever script, where a colon follows it."""
    return str(words).rstrip(FULL_STOPS)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form, is_filter=False, head="", is_low=False):
    """Draw what is to be mended, with a link to each field, above a form that came back.

    A filter saves nothing; any other form that saves nothing gives its own `head`, which says what did not happen.
    `is_low`: the form stands far down on its page, which opens there.
    """
    return {"form": form, "is_filter": is_filter, "head": head, "is_low": is_low}


@register.inclusion_tag("components/chip.html")
def chip(word, shape="full", kind=""):
    """Draw a state as word and shape; `kind` is ok, wait, bad, info or empty."""
    return {"word": word, "shape": shape, "kind": kind}


@register.inclusion_tag("components/lamps.html")
def lamps(done, total, here=0):
    """Draw progress as one lamp a lesson; `here` is the number of the lesson that is open, or 0."""
    return {"lamps": ["done" if n <= done else "here" if n == here else "" for n in range(1, total + 1)]}
