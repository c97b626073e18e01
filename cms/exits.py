"""Where Leave may lead: a public page that has nothing to do with this site."""

import re
from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.utils.translation import gettext_lazy as _

NEUTRAL = "https://www.wikipedia.org/"

NOT_SECURE = _("The address must begin with https://, so that nobody on the way sees or changes the page.")
NOT_PLAIN = _(
    "Write the plain address of a public page, like https://www.wikipedia.org/, without a name, password, number or port."
)
OUR_OWN = _("This address is Fanal's own: Leave would lead back here. Choose a page that has nothing to do with it.")

PUBLIC_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
NOT_PUBLIC = ("localhost", "local", "internal", "test", "invalid", "onion")


def fault(address: str, own: Iterable[str]):
    """Return what is wrong with an address for Leave, in words; "" when it is sound. `own` are the hosts of this site."""
    try:
        parts = urlsplit(address)
        host, port = _plain_host(parts.hostname or ""), parts.port
    except ValueError:
        return NOT_PLAIN
    if parts.scheme != "https":
        return NOT_SECURE
    if any(host == name or host.endswith(f".{name}") for name in own):
        return OUR_OWN
    is_odd = (
        "@" in parts.netloc or port not in (None, 443) or not address.isprintable() or re.search(r"[\s\\]", address)
    )
    if is_odd or not PUBLIC_HOST.fullmatch(host) or host.rpartition(".")[2] in NOT_PUBLIC:
        return NOT_PLAIN
    return ""


def own_hosts(request=None) -> set[str]:
    """Return the hosts under which this site answers: as it is set up, and as this request names it."""
    found = [urlsplit(settings.PUBLIC_URL).hostname or "", *settings.ALLOWED_HOSTS]
    if request is not None:
        with suppress(DisallowedHost, ValueError):
            found.append(urlsplit(f"//{request.get_host()}").hostname or "")
    return {name for host in found if (name := _known_host(host))}


def _known_host(host: str) -> str:
    """Return one of our hosts as hosts are compared; "" for a wildcard."""
    try:
        return _plain_host(host.lstrip("."))
    except ValueError:
        return ""


def _plain_host(host: str) -> str:
    """Return a host as hosts are compared: small letters, no dot at the end, other scripts in their ASCII form."""
    host = host.strip("*").rstrip(".").lower()
    return host if host.isascii() else host.encode("idna").decode("ascii").rstrip(".")
