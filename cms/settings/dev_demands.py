"""What the demo and development ask of their environment: less than production, and what is set must be readable.

`./fanal` asks `python -m cms.settings.dev_demands` before anything is begun. No sentence repeats a value.
"""

import importlib.util
import os
import sys
from urllib.parse import urlsplit

from accounts.sealing import KeyRing, NoSealKey
from cms.settings.demands import HOST, JUDGES, Environment


def _settings(env: Environment) -> str:
    try:
        is_found = importlib.util.find_spec(env["DJANGO_SETTINGS_MODULE"]) is not None
    except (ImportError, ValueError):
        is_found = False
    ask = "no settings have this name; leave it empty for the demo, or set cms.settings.production."
    return "" if is_found else ask


def _database_url(env: Environment) -> str:
    words = JUDGES["DATABASE_URL"](env)
    return f"{words} Left empty, it is a file of the demo's own." if words else ""


def _seal_keys(env: Environment) -> str:
    try:
        KeyRing(env["FANAL_SEAL_KEYS"]).try_out()
    except NoSealKey as error:
        return f"{error} Leave it empty for the demo's own key, or set *:id:base64 of 32 random bytes."
    return ""


def _public_url(env: Environment) -> str:
    url = env["FANAL_PUBLIC_URL"].rstrip("/")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port = "", None
    bare = "" if port == 0 else host + (f":{port}" if port else "")
    if HOST.fullmatch(host) and url.lower() in (f"http://{bare}", f"https://{bare}"):
        return ""
    return (
        "leave it empty, or set an address as http://127.0.0.1:8000: http:// or https://, the host's name in plain"
        " letters and, if need be, a port; no path, no address in [brackets]."
    )


DEV_JUDGES = {
    "DJANGO_SETTINGS_MODULE": _settings,
    "DATABASE_URL": _database_url,
    "FANAL_SEAL_KEYS": _seal_keys,
    "FANAL_PUBLIC_URL": _public_url,
}


def refusal(env: Environment) -> str:
    """Return what is set and cannot be read, a line each, or "" where all is well; what is not set has a default."""
    found = [f"{name}: {words}" for name, judge in DEV_JUDGES.items() if env.get(name) and (words := judge(env))]
    return "\n".join(["Fanal cannot start:", *found]) if found else ""


if __name__ == "__main__":
    sys.exit(refusal(os.environ) or None)
