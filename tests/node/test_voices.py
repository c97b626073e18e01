"""Each voice by which a language is spoken is of that language, in the provider's own list (npm `twilio`)."""

import re

import pytest

from languages import table
from languages.voices import AFTER_CONSENT, OTHERS, VOICES

TYPES = "twilio/lib/twiml/VoiceResponse.d.ts"
# The list names Amazon's voices without their language; these are Amazon's own names for what they speak.
AMAZON = {
    "Amy": "en-GB", "Celine": "fr-FR", "Mia": "es-MX", "Ines": "pt-PT", "Vitoria": "pt-BR", "Zeina": "arb",
    "Brian": "en-GB", "Joanna": "en-US", "Mathieu": "fr-FR", "Chantal": "fr-CA", "Conchita": "es-ES", "Enrique": "es-ES",
    "Cristiano": "pt-PT", "Ricardo": "pt-BR",
}  # fmt: skip
CODES = {"arb": "ar", "pt-BR": "pt-br"}


@pytest.fixture(scope="module")
def listed(packages):
    """Return the provider's voices, and the locales in which something can be said."""
    text = (packages / TYPES).read_text()
    found = {}
    for name in ("SayVoice", "SayLanguage"):
        found[name] = set(re.findall(r'"([^"]+)"', re.search(rf"type {name} = ([^;]+);", text)[1]))
    return found["SayVoice"], found["SayLanguage"]


def spoken_by(name: str) -> str:
    """Return the locale that a voice speaks, by its own name."""
    maker, _, rest = name.partition(".")
    return AMAZON[rest] if maker == "Polly" else re.match(r"[a-z]+-[A-Z]+", rest)[0]


CHOSEN = [(code, voice) for code, voices in OTHERS.items() for voice in voices]


@pytest.mark.parametrize(("code", "voice"), [*VOICES.items(), *AFTER_CONSENT.items(), *CHOSEN])
def test_voice_is_of_its_language(listed, code, voice):
    voices, locales = listed

    assert voice.name in voices
    assert voice.locale in locales
    assert spoken_by(voice.name) == voice.locale
    assert CODES.get(voice.locale, voice.locale.split("-")[0]) == code


def test_a_language_without_a_voice_has_none_in_the_list(listed):
    voices, locales = listed
    without = set(table.CODES) - set(VOICES) - set(AFTER_CONSENT)

    assert without == {"ht", "rw", "wo", "mg", "ny", "sw"}
    for code in without:
        assert not [one for one in locales if one.startswith(f"{code}-")]
        assert not [one for one in voices if one.startswith(f"Google.{code}-")]
