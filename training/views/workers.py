"""The worker that answers for what a phone keeps, and the name of the site on a home screen."""

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

WORKERS = Path(__file__).resolve().parents[1] / "static" / "training"


@require_GET
@cache_control(no_cache=True)
def worker(request):
    """Serve the worker that answers for what a phone keeps; switched off, one that removes itself and what it kept."""
    name = "sw.js" if settings.KEEPING else "sw-off.js"
    return HttpResponse((WORKERS / name).read_bytes(), content_type="text/javascript; charset=utf-8")


@require_GET
def webmanifest(request):
    """Name the site for a home screen, in neutral words."""
    words = {"name": _("Help and training"), "short_name": _("Help and training")}
    icon = {"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    look = {"display": "standalone", "background_color": "#FBF8F2", "theme_color": "#16213A"}
    start = reverse("training:kept_index")
    body = words | look | {"lang": get_language(), "start_url": start, "scope": "/", "id": "/", "icons": [icon]}
    return JsonResponse(body, content_type="application/manifest+json")
