"""Which telephone voice speaks a language, or none. Pure.

A text is never spoken by a voice of another language: where there is no own voice, the words are recorded by a person.
Measured on the provider's list (twilio-node 6.2): no voice for ht, rw, wo, mg, ny, sw. Bengali has an Indian voice
only: no line speaks with it, for Bangladeshi speakers have not accepted it, and its words are recorded.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Voice:
    """A voice at the provider and the locale that it speaks."""

    name: str
    locale: str


VOICES: dict[str, Voice] = {
    "en": Voice("Polly.Amy", "en-GB"),
    "fr": Voice("Polly.Celine", "fr-FR"),
    "es": Voice("Polly.Mia", "es-MX"),
    "pt": Voice("Polly.Ines", "pt-PT"),
    "pt-br": Voice("Polly.Vitoria", "pt-BR"),
    "ar": Voice("Polly.Zeina", "arb"),
    "id": Voice("Google.id-ID-Standard-A", "id-ID"),
    "th": Voice("Google.th-TH-Standard-A", "th-TH"),
}
# Known and never used: another country's voice of the language, until those who speak it at home accept it.
AFTER_CONSENT: dict[str, Voice] = {"bn": Voice("Google.bn-IN-Standard-A", "bn-IN")}
# Other voices of the same languages that a line may choose.
OTHERS: dict[str, tuple[Voice, ...]] = {
    "en": (Voice("Polly.Brian", "en-GB"), Voice("Polly.Joanna", "en-US")),
    "fr": (Voice("Polly.Mathieu", "fr-FR"), Voice("Polly.Chantal", "fr-CA")),
    "es": (Voice("Polly.Conchita", "es-ES"), Voice("Polly.Enrique", "es-ES")),
    "pt": (Voice("Polly.Cristiano", "pt-PT"),),
    "pt-br": (Voice("Polly.Ricardo", "pt-BR"),),
}


def voices_of(code: str) -> dict[str, Voice]:
    """Return the voices of a language by name, the usual one first; none for a language that is recorded."""
    usual = [VOICES[code]] if code in VOICES else []
    return {voice.name: voice for voice in (*usual, *OTHERS.get(code, ()))}


def voice_for(code: str) -> Voice | None:
    """Return the voice of a language, or None: its words are recorded."""
    return VOICES.get(code)


def has_unaccepted_voice(code: str) -> bool:
    """Tell whether the network speaks a recorded language as a neighbouring country does, which its speakers have not accepted."""
    return code in AFTER_CONSENT
