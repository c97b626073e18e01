"""Walks the pages that a person may open, as she would: each link is followed, each button pressed and taken back."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.cache import SessionStore
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation

from accounts.queries import ROOMS, route_for

HOST = "http://testserver"
NOT_PAGES = ("/static/", "/media/")
# Where somebody is led who may not do what she asked for.
TURNED_AWAY = {"account_login", "mfa_index", "mfa_reauthenticate", "wagtailadmin_home", "wagtailadmin_login"}
SIGN_IN = {"account_login", "account_logout", "accounts:demo_people"}
DEAD = (403, 404, 405, 410)


@dataclass
class Form:
    """A form as it stands on the page, with what its fields hold and the buttons that send it."""

    method: str = "get"
    action: str = ""
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)

    def presses(self, page: str):
        """Return each way to send it: method, address, what is sent."""
        for method, action, name, value in dict.fromkeys(self.buttons) or [("", "", "", "")]:
            sent = [*self.fields, (name, value)] if name else self.fields
            yield method or self.method, urljoin(page, action or self.action), sent


class Page(HTMLParser):
    """What can be pressed on a page: links, forms, and the ids to which links of the page itself lead."""

    def __init__(self, address: str, text: str):
        super().__init__()
        self.address, self.links, self.ids, self.forms, self.named = address, [], set(), [], {}
        self._open, self._select, self._area = None, None, None
        self._first, self._takes_first = (
            None,
            False,
        )  # of a list: what a browser sends where nothing is marked as chosen
        self.feed(text)

    def handle_starttag(self, tag, pairs):
        """Take in one element."""
        has = {name: value or "" for name, value in pairs}
        self.ids.add(has.get("id", ""))
        if tag in ("a", "audio", "source") and (link := has.get("href", has.get("src"))) is not None:
            self.links.append(urljoin(self.address, link))
        if tag == "form":
            self._open = Form(has.get("method", "get").lower(), has.get("action", ""))
            self.forms.append(self._open)
            self.named[has.get("id", "")] = self._open
        if "hx-get" in has:
            self.links.append(urljoin(self.address, has["hx-get"]))
        if tag in ("button", "input", "select", "textarea", "option"):
            self._field(tag, has)
        if "hx-post" in has:
            self._sends_itself(tag, has)

    def handle_endtag(self, tag):
        """Leave an element."""
        if tag == "form":
            self._open = None
        elif tag == "select":
            if self._select and self._first is not None:  # none is marked as chosen: a browser sends the first
                self._select[0].fields.append((self._select[1], self._first))
            self._select, self._first = None, None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data):
        """Keep what stands in a field of several lines."""
        if self._area is not None:
            form, name = self._area
            form.fields.append((name, data))
            self._area = None

    def _option(self, has) -> None:
        if not self._select:
            return
        if "selected" in has:
            self._select[0].fields.append((self._select[1], has.get("value", "")))
            self._first, self._takes_first = None, False
        elif self._takes_first and "disabled" not in has:
            self._first, self._takes_first = has.get("value", ""), False

    def _sends_itself(self, tag, has) -> None:
        if tag == "form":
            self._open.method, self._open.action = "post", has["hx-post"]
            return
        sent = [(has["name"], has.get("value", ""))] if has.get("name") else []
        around = self._open.fields if self._open else []
        self.forms.append(Form("post", has["hx-post"], [*around, *sent]))

    def _field(self, tag, has) -> None:
        form = self.named.setdefault(has["form"], Form()) if "form" in has else self._open
        if tag == "option":
            self._option(has)
            return
        if form is None or "disabled" in has:
            return
        name, kind = has.get("name", ""), has.get("type", "submit" if tag == "button" else "text")
        if tag == "select":
            self._select, self._first, self._takes_first = (form, name), None, "multiple" not in has
        elif tag == "textarea":
            self._area = (form, name)
        elif kind in ("submit", "image"):
            form.buttons.append((has.get("formmethod", ""), has.get("formaction", ""), name, has.get("value", "")))
        elif kind in ("checkbox", "radio"):
            if "checked" in has:
                form.fields.append((name, has.get("value", "on")))
        elif name and kind not in ("file", "button", "reset"):
            form.fields.append((name, has.get("value", "")))


class Walk:
    """One person's walk: `wrong` is what she was shown and cannot use.

    Each link and each form is held against what its door declares. Of those that differ only in their row, a page's
    first `rows` are opened or pressed.
    """

    def __init__(self, user=None, *, rows: int, session: dict | None = None):
        self.user, self.rows, self.client = user or AnonymousUser(), rows, Client(raise_request_exception=False)
        self.wrong, self.seen, self.asked, self.opened = [], set(), Counter(), Counter()
        self.key, self.kept = None, {}
        if session:  # somebody who is known without an account
            self.key, self.kept = "walked-through", session
        elif user:
            self.client.force_login(user, backend="accounts.sessions.AuthenticationBackend")
            self.key = self.client.cookies[settings.SESSION_COOKIE_NAME].value
            self.kept = dict(self.client.session.items()) | {"demo_second_factor": True}

    def begin(self, addresses) -> "Walk":
        """Open the pages, and all to which they lead."""
        self.waiting = [(address, "") for address in addresses]
        while self.waiting:
            self._open(*self.waiting.pop(0))
        return self

    def admits(self, name: str, method: str) -> bool:
        """Tell whether a door says that it opens to this person; a stranger may be led to sign in first."""
        route = route_for(name)
        if route is None or method not in route.methods:
            return False
        if getattr(self.user, "is_guest", False):
            return route.is_public or route.guests
        return route.is_public or "signed_in" in route.who or (bool(self.key) and self.user.has_role(*route.who))

    def _ask(self, method: str, address: str, sent=()):
        """Ask as if nothing had been done before; whatever this writes is taken back."""
        self.client.cookies.clear()
        if self.key:
            cache.set(SessionStore.cache_key_prefix + self.key, self.kept)
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.key
        with transaction.atomic():
            if method == "get":
                response = self.client.get(address)
            else:
                response = self.client.post(address, urlencode(sent), content_type="application/x-www-form-urlencoded")
            transaction.set_rollback(True)
        return response

    def _open(self, address: str, page: str) -> None:
        name = name_of(address)
        response = self._ask("get", address)
        if self._leads_nowhere(name, response):
            self.wrong.append((page, "get", address, response.status_code, response.get("Location", "")))
            return
        if response.status_code in (301, 302, 303):
            return self._follow(urljoin(address, response["Location"]), page)
        self.opened[name] += 1
        if is_ours(name, response) and response.get("Content-Type", "").startswith("text/html"):
            self._press_all(Page(address, response.content.decode()), name)

    def _leads_nowhere(self, asked: str, response) -> bool:
        target = response.get("Location", "")
        is_away = bool(target) and asked not in SIGN_IN and name_of(urljoin(HOST, target)) in TURNED_AWAY
        return response.status_code in DEAD or response.status_code >= 500 or (bool(self.key) and is_away)

    def _press_all(self, page: Page, name: str) -> None:
        for link in page.links:
            self._follow(link, page.address, page.ids)
        for form in page.forms:
            for method, address, sent in form.presses(page.address):
                if method == "dialog":
                    continue
                if method == "get":
                    self._follow(urldefrag(address)[0].split("?")[0] + "?" + urlencode(sent), page.address)
                else:
                    self._press(address, sent, page.address, name)

    def _follow(self, link: str, page: str, ids=()) -> None:
        address, mark = urldefrag(link)
        if not is_of_the_house(address):
            return None
        if mark and address == urldefrag(page)[0] and mark not in ids:
            self.wrong.append((page, "mark", "#" + mark, "", ""))
        if address in self.seen:
            return None
        self.seen.add(address)
        name = name_of(address)
        if not self.admits(name, "GET"):
            self.wrong.append((page, "get", address, "not admitted", name))
            return None
        kind = (name_of(page), name, *sorted({key for key, _ in parse_qsl(urlsplit(address).query)}))
        if is_other_language(address) or name == "choose_language":
            kind = ("the same in another language",)
        self.asked[kind] += 1
        if self.asked[kind] <= self.rows:
            self.waiting.append((address, page))
        return None

    def _press(self, address: str, sent, page: str, shown_by: str) -> None:
        address = urldefrag(address)[0]
        pressed = (address, tuple(pair for pair in sent if pair[0] not in ("csrfmiddlewaretoken", "key")))
        if pressed in self.seen or not is_of_the_house(address):
            return
        self.seen.add(pressed)
        name = name_of(address)
        if not self.admits(name, "POST"):
            self.wrong.append((page, "post", address, "not admitted", name))
            return
        kind = (shown_by, name, tuple(key for key, _ in sent))
        self.asked[kind] += 1
        if self.asked[kind] > self.rows:
            return
        response = self._ask("post", address, sent)
        self.opened["POST " + name] += 1
        if self._leads_nowhere(name, response):
            self.wrong.append((page, "post", address, response.status_code, sent))


def is_of_the_house(address: str) -> bool:
    """Tell whether an address is a page of ours: no other site, no file."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" == HOST and not parts.path.startswith(NOT_PAGES)


def is_other_language(address: str) -> bool:
    """Tell whether a page is one in another language than English."""
    return translation.get_language_from_path(urlsplit(address).path) not in (None, "en")


def name_of(address: str) -> str:
    """Return the name of the door that an address leads to."""
    path = urlsplit(address).path or "/"
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            return resolve(path).view_name
        except Resolver404:
            return ""


def is_ours(name: str, response) -> bool:
    """Tell whether a page is made by the rooms; Wagtail answers for its own buttons."""
    match = getattr(response, "resolver_match", None)
    return name == "wagtail_serve" or (match is not None and match.func.__module__.split(".")[0] in ROOMS)
