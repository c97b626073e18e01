"""Which language an address leads to: none where it is reserved without one, else one that is on."""

from django.http import HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import get_script_prefix

from languages import queries, table


class PageLanguage(LocaleMiddleware):
    """Leads an address without a language to the same one in the reader's; what a view answers as `stays_here` stays."""

    def process_response(self, request, response):
        """Lead to the language, unless the view said that this address stands without one."""
        return response if getattr(response, "stays_here", False) else super().process_response(request, response)


class SwitchedOffLanguage:
    """Redirects 302 (a POST 307) to the same path in the next public language of the chain."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer as asked, unless the language of the address is spelled otherwise or not offered."""
        head, _slash, rest = request.path_info.lstrip("/").partition("/")
        code = table.known(head)
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


def is_offered(code: str, request) -> bool:
    """Tell whether a language is on for this reader; people of the desk also work in those being translated."""
    if code == table.SOURCE:
        return True
    return code in offered(request)


def offered(request) -> list[str]:
    """Return the languages that are on for the reader of a request."""
    return queries.languages_for(getattr(request, "user", None))


def next_offered(code: str, request) -> str:
    """Return the first language of the chain that is on; the source at the end."""
    return next((other for other in table.BY_CODE[code].chain if other in offered(request)), table.SOURCE)
