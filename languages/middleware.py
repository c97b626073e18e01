"""A language that is off, or written with a region or in capitals, leads to the next one that is on."""

from django.http import HttpResponseRedirect
from django.urls import get_script_prefix

from languages import queries, table
from languages.choices import Switch

# The staff's own screens work in a language that is still being translated.
_WORKING = (Switch.PUBLIC, Switch.DESK)


class SwitchedOffLanguage:
    """Redirects 302 (a POST 307) to the same path in the next public language of the chain."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer as asked, unless the language of the address is spelled otherwise or not offered."""
        head, _slash, rest = request.path_info.lstrip("/").partition("/")
        code = known_code(head)
        if not code:
            return self.get_response(request)
        target = code if is_offered(code, request) else next_offered(code, request)
        if target == head:
            return self.get_response(request)
        query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
        answer = HttpResponseRedirect(f"{get_script_prefix()}{target}/{rest}{query}")
        if request.method not in {"GET", "HEAD"}:
            answer.status_code = 307
        answer.headers["Cache-Control"] = "no-store"
        return answer


def known_code(head: str) -> str:
    """Return the language a first part of a path means: exact, in other case, or with a region of a known one."""
    if head in table.BY_CODE:
        return head
    spelled = head.lower().replace("_", "-")
    if spelled in table.BY_CODE:
        return spelled
    base, dash, region = spelled.partition("-")
    return base if dash and region.isalnum() and len(region) in {2, 3} and base in table.BY_CODE else ""


def is_offered(code: str, request) -> bool:
    """Tell whether a language is on for this reader; people of the desk also work in those being translated."""
    if code == table.SOURCE:
        return True
    return code in offered(request)


def offered(request) -> list[str]:
    """Return the languages that are on for a reader, asked once a request."""
    if not hasattr(request, "languages_on"):
        user = getattr(request, "user", None)
        is_known = user is not None and user.is_authenticated
        works = is_known and user.has_role("translator", "manager", "administrator")
        country = (user.country_id or "") if is_known else ""
        states = _WORKING if works else (Switch.PUBLIC,)
        request.languages_on = queries.languages_on(country, states=states)
    return request.languages_on


def next_offered(code: str, request) -> str:
    """Return the first language of the chain that is on; the source at the end."""
    return next((other for other in table.BY_CODE[code].chain if other in offered(request)), table.SOURCE)
