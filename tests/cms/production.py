"""How tests of the settings start processes with an environment of their own."""

import base64
import hashlib
import json
import os
import subprocess
import sys

from django.conf import settings

SECRET = "f3a9c17e5b2d8046" + "q7wzx4ktm2vnp9ch" * 3
RANDOM = base64.b64encode(hashlib.sha256(b"a key of the tests").digest()).decode()
ACCOUNT, OTHER = "AC" + "1" * 32, "AC" + "2" * 32
TOKEN, OLD, THIRD = (hashlib.md5(word, usedforsecurity=False).hexdigest() for word in (b"new", b"old", b"third"))
SAFE = {
    "FANAL_SECRET_KEY": SECRET,
    "FANAL_SEAL_KEYS": f"*:k1:{RANDOM}",
    "FANAL_PUBLIC_URL": "https://help.example.org",
    "DATABASE_URL": "postgres://fanal:word@db.example.org/fanal",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "FANAL_DUTY_PHONE": "+231770000000",
    "FANAL_FROM_EMAIL": "notices@help.example.org",
}

# One interpreter has read the libraries; a process is forked for each environment, and imports the settings there.
STARTS = """
import json, os, sys, traceback
import csp.constants, django.conf.locale, structlog
import cms.settings.demands

said = []
for environment in json.load(sys.stdin):
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(writer, 2)
        os.environ.clear()
        os.environ.update(environment)
        try:
            import cms.settings.production
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with open(reader) as words:
        told = words.read()
    said.append((os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), told))
print(json.dumps(said))
"""


def run(words, told="", **environment):
    """Run a line of Python in a process of its own, with this environment and no other."""
    return subprocess.run(
        [sys.executable, "-c", words], env={"PATH": os.environ["PATH"]} | environment, cwd=settings.BASE_DIR,
        input=told, capture_output=True, text=True, check=False,
    )  # fmt: skip


def changed(**more):
    """Return the environment of a production that starts, changed so; None takes a variable out."""
    environment = {"FANAL_VAR": "/nowhere"} | SAFE | more
    return {name: value for name, value in environment.items() if value is not None}


def start(**more):
    """Import the production settings in a process of their own; return (exit code, last words)."""
    result = run("import cms.settings.production", **changed(**more))
    return result.returncode, result.stderr


def start_each(environments):
    """Import the production settings with each environment, each in a process forked for it; return (exit code, last words) of each."""
    result = run(STARTS, json.dumps(environments))
    assert result.returncode == 0, result.stderr
    return [tuple(one) for one in json.loads(result.stdout)]
