"""The door at which a telephone sends what it kept: who it is there, its token, its cookies."""

import json
import re
from dataclasses import dataclass

from django.conf import settings

from cms.bench import ask, text_of


@dataclass(frozen=True)
class Door:
    """What a sending of somebody bears."""

    who: str
    cookie: str
    headers: dict[str, str]


def door_of(application, address: str, cookie: str) -> Door:
    """Return what the greeting of a door gives to somebody who is signed in."""
    hello = ask(application, address, cookie=cookie)
    told = json.loads(text_of(hello))
    token = re.search(rf"{settings.CSRF_COOKIE_NAME}=(\w+)", hello.headers.get("Set-Cookie", ""))
    signed = f"{cookie}; {settings.CSRF_COOKIE_NAME}={token[1]}" if token else cookie
    return Door(told["who"], signed, {"CONTENT_TYPE": "application/json", "HTTP_X_CSRFTOKEN": told["csrf"]})
