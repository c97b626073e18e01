"""What a phone keeps of a course: pages with the same bytes for everybody, and the list of them.

Each page is written as if nobody in particular asked for it: no account, no token, no progress. Its script adds those
from the store of the phone. The list has what a page needs before the page: a phone fetches in this order, and what it
has of a list that broke off is served. So a page that is there is whole; first of all come the one that empties the phone
and the one that opens in place of any other without a network.
"""

import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from training import queries, scenarios
from training.choices import VoidReason
from training.views.off import if_course_off

OF_TRAINING = (
    "numbers",
    "outbox",
    "twins",
    "days",
    "along",
    "kept",
    "kept-links",
    "kept-course",
    "kept-questions",
    "kept-story",
    "lesson",
    "sent",
    "captions",
    "begun",
    "emptying",
    "erased",
    "waiting",
)
SCRIPTS = ("js/quick-exit.js", *(f"training/{name}.js" for name in OF_TRAINING))
STATIC = ("built/public.css", "mark.svg", *SCRIPTS)
OF_LISTS = (*STATIC, "training/keeper.js", "training/lists.js", "training/kept-list.js")
SOUND = "sound"
PLACE = ("SERVER_NAME", "SERVER_PORT", "HTTP_HOST")


@dataclass(frozen=True)
class KeptFile:
    """One file of a kept course: its address, what is in it, which price it belongs to."""

    url: str
    kind: str
    content: bytes

    @property
    def told(self) -> dict:
        """Return what the phone checks and what it is told to fetch, in bytes as they travel."""
        travels = len(zlib.compress(self.content)) if self.kind == "text" else len(self.content)
        digest = hashlib.sha256(self.content).hexdigest()
        return {"url": self.url, "kind": self.kind, "bytes": len(self.content), "travels": travels, "sha256": digest}


def _for_nobody(request, path: str, template: str, context: dict) -> bytes:
    """Write a page as if nobody in particular asked for it."""
    bare = HttpRequest()
    bare.method, bare.path, bare.path_info, bare.user = "GET", path, path, AnonymousUser()
    bare.META = {name: request.META[name] for name in PLACE if name in request.META}
    return render_to_string(template, context | {"language": get_language()}, request=bare).encode()


def _course_or_404(key: str, version) -> queries.KeptCourse:
    found = queries.kept_course(key, str(version), get_language())
    if found is None or not settings.KEEPING:
        raise Http404
    return found


def _newest_or_404(key: str, version) -> queries.KeptCourse:
    """Return a course by its newest edition: an older one is on phones only."""
    found = _course_or_404(key, version)
    if found.version != str(version):
        raise Http404
    return found


@require_GET
def index(request):
    """Show what is kept on this phone; the page's script fills it in."""
    if not settings.KEEPING:
        raise Http404
    return HttpResponse(_index_page(request).content)


def _index_page(request) -> KeptFile:
    url = reverse("training:kept_index")
    return KeptFile(url, "text", _for_nobody(request, url, "training/keep/index.html", {}))


@require_GET
def lists(request):
    """Show the attendance lists that are kept on this phone; names and sessions come from its store alone.

    Also where keeping is switched off: of lists that lay here, marks wait that are sent, or answers that nobody has read.
    """
    return HttpResponse(_lists_page(request).content)


def _lists_page(request) -> KeptFile:
    url = reverse("training:kept_lists")
    return KeptFile(
        url, "text", _for_nobody(request, url, "training/keep/lists.html", {"reasons": VoidReason.choices})
    )


@require_GET
def wipe(request):
    """Show the page that empties this phone, as it lies on it: without a network, and where keeping is switched off too."""
    return HttpResponse(_wipe_page(request).content)


def _wipe_page(request) -> KeptFile:
    url = reverse("training:kept_wipe")
    return KeptFile(url, "text", _for_nobody(request, url, "training/keep/wipe.html", {}))


def _at_any_time(request) -> list[KeptFile]:
    """Return the pages that a phone has whatever it keeps: how it is emptied, and what lies on it, which leads there."""
    return [_wipe_page(request), _index_page(request)]


def pages_of_lists(request) -> dict:
    """Return what a phone fetches once for whatever lists lie on it: the page of lists, those of any phone, their files."""
    files = [*(_static_file(name) for name in OF_LISTS), *_at_any_time(request), _lists_page(request)]
    told = [one.told for one in files]
    return {
        "heading": _("Attendance lists"), "etag": _etag(told), "start": reverse("training:kept_lists"), "files": told,
    }  # fmt: skip


def _etag(told: list[dict]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


@require_GET
@if_course_off
def course(request, key, version):
    """Show a course as a phone keeps it."""
    return HttpResponse(_course_page(request, _newest_or_404(key, version)).content)


def _course_page(request, kept: queries.KeptCourse) -> KeptFile:
    url = reverse("training:kept_course", args=[kept.course.key, kept.version])
    return KeptFile(url, "text", _for_nobody(request, url, "training/keep/course.html", {"kept": kept}))


@require_GET
@if_course_off
def lesson(request, key, version, lesson):
    """Show a lesson as a phone keeps it: its questions are explained in the page."""
    kept = _newest_or_404(key, version)
    if kept.lesson(str(lesson)) is None:
        raise Http404
    return HttpResponse(_lesson_page(request, kept, kept.lesson(str(lesson))).content)


def _lesson_page(request, kept: queries.KeptCourse, view) -> KeptFile:
    url = reverse("training:kept_lesson", args=[kept.course.key, kept.version, view.id])
    has_who = any(screen.kind == "who" for screen in view.screens)
    context = {"kept": kept, "lesson": view, "has_who": has_who}
    return KeptFile(url, "text", _for_nobody(request, url, "training/keep/lesson.html", context))


@require_GET
@if_course_off
def story(request, key, version, story):
    """Show a story as a phone keeps it: all its scenes, of which the page's script shows one after another."""
    kept = _newest_or_404(key, version)
    if kept.story(story) is None:
        raise Http404
    return HttpResponse(_story_page(request, kept, kept.story(story)).content)


def _story_page(request, kept: queries.KeptCourse, story) -> KeptFile:
    url = reverse("training:kept_story", args=[kept.course.key, kept.version, story.key])
    context = {"kept": kept, "story": story, "most": scenarios.MOST_STEPS}
    return KeptFile(url, "text", _for_nobody(request, url, "training/keep/story.html", context))


@require_GET
@if_course_off
def test(request, key, version):
    """Show the page of a kept test; its questions were drawn when it was kept, and lie in the phone's store."""
    return HttpResponse(_test_page(request, _newest_or_404(key, version)).content)


def _test_page(request, kept: queries.KeptCourse) -> KeptFile:
    url = reverse("training:kept_test", args=[kept.course.key, kept.version])
    return KeptFile(url, "text", _for_nobody(request, url, "training/keep/test.html", {"kept": kept}))


@require_GET
@if_course_off
def manifest(request, key, version):
    """List the files of a course's newest edition with their sizes and hashes; unchanged, 304 by its mark."""
    kept = _course_or_404(key, version)
    needed = [
        *(_static_file(name) for name in STATIC),
        *_at_any_time(request),
        *(_picture(url) for url in _pictures(kept)),
    ]
    pages = [_lesson_page(request, kept, view) for view in kept.lessons]
    pages += [_story_page(request, kept, story) for story in kept.stories]
    pages += [_test_page(request, kept), _course_page(request, kept)]
    told = [*(one.told for one in needed), *_played(kept), *(one.told for one in pages)]
    etag = _etag(told)
    if request.headers.get("If-None-Match", "").removeprefix("W/").strip('"') == etag:
        return HttpResponse(status=304, headers={"ETag": f'"{etag}"'})
    lessons = [reverse("training:kept_lesson", args=[key, kept.version, view.id]) for view in kept.lessons]
    body = {
        "course": kept.course.key, "heading": str(kept.course.heading), "language": get_language(), "version": kept.version,
        "etag": etag, "start": reverse("training:kept_course", args=[key, kept.version]), "lessons": lessons, "files": told,
        "twins": _twins(kept),
    }  # fmt: skip
    return JsonResponse(body, headers={"ETag": f'"{etag}"'})


def _twins(kept: queries.KeptCourse) -> dict[str, str]:
    """Return, by the address of a page without its language, the kept page that opens there without a network."""
    key, edition = kept.course.key, [kept.course.key, kept.version]
    start = reverse("training:kept_course", args=edition)
    pages = {one.url: reverse("training:kept_lesson", args=[*edition, one.id]) for one in kept.outline}
    pages |= {
        reverse("training:scenario", args=[one.key]): reverse("training:kept_story", args=[*edition, one.key])
        for one in kept.stories
    }
    pages |= {
        reverse("training:go_on", args=[key]): start,
        kept.course.url: start,
        reverse("training:keep", args=[key]): start,
    }
    pages[reverse("training:start_test", args=[key])] = f"{start}#test"  # which of its tests, the form alone knows
    return {url[url.index("/", 1) :]: twin for url, twin in pages.items()}


def _played(kept: queries.KeptCourse) -> list[dict]:
    """Return what is heavy, by its own tick: sound, film with its captions, files to download; each once."""
    screens = [screen for view in kept.lessons for screen in view.screens]
    found = {one.url: one for screen in screens for one in (screen.clip, screen.file) if one}
    captions = [screen.clip for screen in screens if screen.clip and screen.clip.captions_url]
    heavy = [{"url": one.url, "bytes": one.size, "travels": one.size, "sha256": one.sha256} for one in found.values()]
    heavy += [KeptFile(one.captions_url, SOUND, one.captions.encode()).told for one in captions]
    return [one | {"kind": SOUND} for one in heavy]


def _pictures(kept: queries.KeptCourse) -> list[str]:
    found = [screen.image.url for view in kept.lessons for screen in view.screens if screen.image and screen.image.url]
    return list(dict.fromkeys(found))


def _picture(url: str) -> KeptFile:
    with default_storage.open(url.removeprefix(settings.MEDIA_URL)) as file:
        return KeptFile(url, "picture", file.read())


def _static_file(name: str) -> KeptFile:
    url = static(name)
    return KeptFile(url, "text", _static_content(url.removeprefix(settings.STATIC_URL), name))


def _static_content(stored: str, name: str) -> bytes:
    """Return what is served for a static file: the collected one, else the one of its folder."""
    if staticfiles_storage.exists(stored):
        with staticfiles_storage.open(stored) as file:
            return file.read()
    return Path(finders.find(name)).read_bytes()
