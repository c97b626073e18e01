"""What production takes and refuses of its environment: each of these starts it, or tries to."""

import base64

import pytest

from tests.cms.production import ACCOUNT, OLD, OTHER, RANDOM, SAFE, SECRET, THIRD, TOKEN, changed, start_each

FAULTS = [
    ("FANAL_SECRET_KEY", "short"),
    ("FANAL_SECRET_KEY", "a" * 60),
    ("FANAL_SECRET_KEY", "0123456789abcdef" * 4),
    ("FANAL_SECRET_KEY", "demo-only-secret-key-" + SECRET),
    ("FANAL_SEAL_KEYS", "*:k1:abc"),
    ("FANAL_SEAL_KEYS", "*:k1:YWJj"),
    ("FANAL_SEAL_KEYS", f"LR:k1:{RANDOM}"),
    ("FANAL_SEAL_KEYS", f"lr:k1:{RANDOM},*:k1:{RANDOM}"),
    ("FANAL_SEAL_KEYS", f"*:{RANDOM}:k1"),
    ("FANAL_SEAL_KEYS", f"*:k.1:{RANDOM}"),
    ("FANAL_SEAL_KEYS", f"*:k1:{RANDOM},*:k1:{base64.b64encode(bytes(range(32))).decode()}"),
    ("FANAL_SEAL_KEYS", RANDOM),
    ("FANAL_SEAL_KEYS", "@/nowhere/keys"),
    ("FANAL_SEAL_KEYS", "*:k1:" + "A" * 43 + "="),
    ("FANAL_SEAL_KEYS", "*:k1:ZGVtby1vbmx5LXNlYWwta2V5LTAwMDAwMDAwMDAwMDA="),
    ("FANAL_PUBLIC_URL", "http://help.example.org"),
    ("FANAL_PUBLIC_URL", "https://help.example.org/path"),
    ("FANAL_PUBLIC_URL", "https://user@help.example.org"),
    ("FANAL_PUBLIC_URL", "https://[::1]"),
    ("FANAL_PUBLIC_URL", "https://[::1"),
    ("FANAL_PUBLIC_URL", "https://x.example:99999"),
    ("FANAL_PUBLIC_URL", "https://x.example:0"),
    ("FANAL_PUBLIC_URL", "https://x.example:port"),
    ("FANAL_PUBLIC_URL", "https://x.example?x"),
    ("FANAL_PUBLIC_URL", "https://x.example?"),
    ("FANAL_PUBLIC_URL", "https://x.example#part"),
    ("FANAL_PUBLIC_URL", "https://x y.example"),
    ("FANAL_PUBLIC_URL", "ftp://x.example:21"),
    ("FANAL_PUBLIC_URL", "https://localhost"),
    ("FANAL_PUBLIC_URL", "https://LOCALHOST:8443"),
    ("FANAL_PUBLIC_URL", "https://help.localhost"),
    ("FANAL_PUBLIC_URL", "https://localhost.localdomain"),
    ("FANAL_PUBLIC_URL", "https://127.0.0.1"),
    ("FANAL_PUBLIC_URL", "https://127.8.8.8:8000"),
    ("FANAL_PUBLIC_URL", "https://127.1"),
    ("FANAL_PUBLIC_URL", "https://2130706433"),
    ("FANAL_PUBLIC_URL", "https://0x7f000001"),
    ("FANAL_PUBLIC_URL", "https://0.0.0.0"),
    ("DATABASE_URL", "mysql://fanal:word@db.example.org/fanal"),
    ("DATABASE_URL", "postgres://fanal:wo#rd@db.example.org/fanal"),
    ("DATABASE_URL", "postgres://fanal:word@db.example.org"),
    ("DATABASE_URL", "postgres://fanal:word@db.example.org:port/fanal"),
    ("DATABASE_URL", "sqlite://:memory:"),
    ("DATABASE_URL", "fanal"),
    ("TWILIO_ACCOUNT_SID", "AC" + "0" * 32),
    ("TWILIO_ACCOUNT_SID", f"{ACCOUNT},AC" + "0" * 32),
    ("TWILIO_ACCOUNT_SID", "AC123"),
    ("TWILIO_AUTH_TOKEN", f"{TOKEN},{OLD}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN},{OLD},{THIRD}"),
    ("TWILIO_AUTH_TOKEN", f"{OTHER}={TOKEN}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN},{OTHER}={TOKEN}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}="),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN},{ACCOUNT}={OLD}"),
    ("TWILIO_AUTH_TOKEN", f"AC123={TOKEN}"),
    ("TWILIO_AUTH_TOKEN", "|"),
    ("TWILIO_AUTH_TOKEN", "x"),
    ("TWILIO_AUTH_TOKEN", "changeme"),
    ("TWILIO_AUTH_TOKEN", "a" * 32),
    ("TWILIO_AUTH_TOKEN", "0123456789abcdef" * 2),
    ("TWILIO_AUTH_TOKEN", "q7wzx4ktm2vnp9ch" + "f3a9c17e5b2d8046"),
    ("TWILIO_AUTH_TOKEN", f"{TOKEN}|changeme"),
    ("TWILIO_AUTH_TOKEN", f"{TOKEN[:31]}"),
    ("TWILIO_AUTH_TOKEN", f"{ACCOUNT}={TOKEN}|x"),
    ("TWILIO_API_KEY", "AC" + "1" * 32),
    ("TWILIO_SHARED_KEY", "only-an-id"),
    ("TWILIO_SHARED_KEY", "=word-of-it"),
    ("TWILIO_SHARED_KEY", "id="),
    ("TWILIO_SHARED_KEY", "SK1=a"),
    ("TWILIO_SHARED_KEY", f"SK1={SECRET[:31]}"),
    ("TWILIO_SHARED_KEY", "SK1=" + "a" * 40),
    ("TWILIO_SHARED_KEY", "SK1=" + "changeme" * 5),
    ("FANAL_DUTY_PHONE", "0770000000"),
    ("FANAL_DUTY_PHONE", "+"),
    ("FANAL_DUTY_PHONE", "+231"),
    ("FANAL_DUTY_PHONE", "+000000000000"),
    ("FANAL_FROM_EMAIL", "notices@localhost"),
    ("FANAL_FROM_EMAIL", "nobody"),
    ("FANAL_EMAIL_HOST", "https://mail.example.org"),
    ("FANAL_EMAIL_PORT", "smtp"),
    ("FANAL_EMAIL_PORT", "465"),
    ("FANAL_EMAIL_PORT", "70000"),
    ("FANAL_EMAIL_PASSWORD", "word-without-user"),
    ("FANAL_EMAIL_TLS", "yes"),
    ("FANAL_BIND", "256.0.0.1"),
    ("PORT", "0"),
    ("PORT", "http"),
    ("FANAL_WORKERS", "0"),
    ("FANAL_WORKERS", "many"),
    ("FANAL_LOCK_WAIT", "0"),
    ("FANAL_LOCK_WAIT", "3s"),
    ("FANAL_PROXIES", "-1"),
    ("FANAL_PROXIES", "one"),
    ("FANAL_SSL_REDIRECT", "on"),
    ("FANAL_DEMO", "1"),
    ("FANAL_DEBUG", "1"),
]
TOGETHER = [
    ({"TWILIO_ACCOUNT_SID": f"{ACCOUNT},{OTHER}", "TWILIO_AUTH_TOKEN": f"{ACCOUNT}={TOKEN}"}, "TWILIO_AUTH_TOKEN"),
    ({"TWILIO_API_KEY": "SK" + "1" * 32}, "TWILIO_API_SECRET"),
    ({"TWILIO_API_SECRET": "word"}, "TWILIO_API_KEY"),
    ({"TWILIO_VOICE_APP": "AP" + "1" * 32, "TWILIO_VOICE_SECRET": SECRET[:32]}, "TWILIO_VOICE_KEY"),
    (
        {"TWILIO_VOICE_APP": "AP1", "TWILIO_VOICE_KEY": "SK" + "1" * 32, "TWILIO_VOICE_SECRET": SECRET[:32]},
        "TWILIO_VOICE_APP",
    ),
    (
        {"TWILIO_VOICE_APP": f"{OTHER}=AP" + "1" * 32, "TWILIO_VOICE_KEY": f"{OTHER}=SK" + "1" * 32,
         "TWILIO_VOICE_SECRET": f"{OTHER}={SECRET[:32]}"},
        "TWILIO_VOICE_APP",
    ),
    ({"FANAL_EMAIL_USER": "fanal"}, "FANAL_EMAIL_PASSWORD"),
    (
        {"FANAL_EMAIL_HOST": "mail.example.org", "FANAL_EMAIL_USER": "fanal", "FANAL_EMAIL_PASSWORD": "word",
         "FANAL_EMAIL_TLS": "0"},
        "FANAL_EMAIL_TLS",
    ),
]  # fmt: skip
DOCUMENTED = [
    {"TWILIO_AUTH_TOKEN": f"{TOKEN}|{OLD}"},
    {"TWILIO_AUTH_TOKEN": f"{ACCOUNT}={TOKEN}|{OLD.upper()},"},
    {
        "TWILIO_ACCOUNT_SID": f"{ACCOUNT}, {OTHER}",
        "TWILIO_AUTH_TOKEN": f"{ACCOUNT}={TOKEN}|{OLD}, {OTHER}={THIRD}",
    },
    {"TWILIO_ACCOUNT_SID": f"{ACCOUNT},{OTHER}", "TWILIO_AUTH_TOKEN": f"{TOKEN},{ACCOUNT}={OLD}"},
    {"FANAL_SEAL_KEYS": f"LR:2026-11:{RANDOM},*:k2:{RANDOM},index:k1:{RANDOM}"},
    {"FANAL_PUBLIC_URL": "https://help.example.org:8443/"},
    {"FANAL_PUBLIC_URL": "https://203.0.113.7"},
    {"TWILIO_API_KEY": "SK" + "a1" * 16, "TWILIO_API_SECRET": "word", "TWILIO_SHARED_KEY": f"id={SECRET[:32]}=b"},
    {
        "TWILIO_VOICE_APP": f"{ACCOUNT}=AP" + "1" * 32,
        "TWILIO_VOICE_KEY": "SK" + "1" * 32,
        "TWILIO_VOICE_SECRET": SECRET[:32],
    },
    {"FANAL_FROM_EMAIL": "Fanal <notices@help.example.org>", "FANAL_EMAIL_TLS": "", "FANAL_PROXIES": "0"},
    {"FANAL_BIND": "::1", "PORT": "", "FANAL_LOCK_WAIT": "3", "FANAL_EMAIL_HOST": "10.0.0.2"},
    {"DATABASE_URL": "postgres:///fanal", "FANAL_SECRET_KEY": "0f9e8d7c6b5a4938" + "271605f4e3d2c1b0" + "ac" * 15},
]


@pytest.fixture(scope="module")
def started():
    """What came of starting production, by what was changed; all are started at once, by one interpreter."""
    tried = [*({name: value} for name, value in FAULTS), *(more for more, _name in TOGETHER), *DOCUMENTED]
    tried += [{name: None} for name in SAFE]
    came = start_each([changed(**more) for more in tried])
    return {tuple(more.items()): one for more, one in zip(tried, came, strict=True)}


@pytest.mark.parametrize("name", sorted(SAFE))
def test_production_refuses_to_start_when_a_setting_is_missing(started, name):
    code, words = started[((name, None),)]

    assert code == 1
    assert name in words


@pytest.mark.parametrize(("name", "value"), FAULTS)
def test_production_refuses_what_is_unsafe(started, name, value):
    code, words = started[((name, value),)]

    told = [line for line in words.splitlines() if line.startswith((*SAFE, name))]
    assert code == 1
    assert [line.split(":")[0] for line in told] == [name]
    assert told[0].endswith(".")
    assert len(value) < 6 or value not in words


@pytest.mark.parametrize(("more", "name"), TOGETHER)
def test_production_refuses_what_is_unsafe_together(started, more, name):
    code, words = started[tuple(more.items())]

    assert code == 1
    assert f"\n{name}: " in words


@pytest.mark.parametrize("more", DOCUMENTED)
def test_production_takes_what_is_documented(started, more):
    assert started[tuple(more.items())] == (0, "")
