"""Webhooks pass by everything that pages need: a voice webhook has two milliseconds (settled.md §2.1)."""

from django.http import HttpResponseNotFound
from django.urls import Resolver404, resolve

PREFIX = "/hotline/twilio/"


class WebhooksFirst:
    """Stands first in MIDDLEWARE: serves the provider's doors without session, language, gzip or page headers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return HttpResponseNotFound()  # our page of what is missing needs session and language
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)
