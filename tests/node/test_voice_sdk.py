"""The provider's script for calls in the browser: the bytes that setup takes, and what our own script asks of it."""

import base64
import hashlib
import json

from django.conf import settings

from cms.voice_sdk import INTEGRITY, NAME, VERSION
from hotline.queries.softphone import SCRIPT_HASH

OURS = settings.BASE_DIR / "hotline/static/hotline/softphone.js"
OPTIONS = ("edge", "codecPreferences", "maxAverageBitrate", "closeProtection", "sounds", "maxCallSignalingTimeoutMs",
           "logLevel", "publishEvents")  # fmt: skip
EVENTS = ("accept", "sample", "error", "disconnect", "cancel", "reject", "reconnecting", "reconnected", "warning",
          "warning-cleared")  # fmt: skip


def test_the_pinned_package_is_the_one_that_setup_takes(packages):
    lock = json.loads((settings.BASE_DIR / "tests/node/package-lock.json").read_text())["packages"][
        f"node_modules/{NAME}"
    ]
    script = (packages / NAME / "dist/twilio.min.js").read_bytes()

    assert (lock["version"], lock["integrity"]) == (VERSION, INTEGRITY)
    assert "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode() == SCRIPT_HASH


def test_it_knows_each_option_and_event_that_our_script_uses(packages):
    ours = OURS.read_text("utf-8")
    told = "".join((packages / NAME / f"es5/twilio/{name}.d.ts").read_text() for name in ("device", "call"))
    code = "".join((packages / NAME / f"es5/twilio/{name}.js").read_text() for name in ("device", "call"))

    for name in OPTIONS:
        assert f"{name}:" in ours
        assert f"{name}?:" in told
    for name in EVENTS:
        assert f'"{name}"' in ours
        assert f"emit('{name}'" in code
    sounds = code.split("_defaultSounds = {")[1].split("};")[0].replace("dtmf", "").split("\n")
    names = {line.split(":")[0].strip() for line in sounds if ":" in line}
    assert names == {"disconnect", "incoming", "outgoing", "s", "h", *"0123456789"}
