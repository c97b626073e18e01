"""What stands for a language, everywhere or in one country, before somebody switches it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from languages.choices import Switch
from languages.models import Language


@dataclass(frozen=True)
class StandingSwitch:
    """What stands: its own row, or for a country without one what stands everywhere; public where nobody switched."""

    code: str
    country: str
    state: str = Switch.PUBLIC
    needs_second_person: bool = False
    reason: str = ""
    changed_at: datetime | None = None
    is_own: bool = False

    @property
    def mark(self) -> str:
        """Return what a form shows of it, in short."""
        shown = (self.code, self.country, self.state, self.needs_second_person, self.changed_at, self.is_own)
        return hashlib.sha256("\0".join(str(part) for part in shown).encode()).hexdigest()[:32]


def standing_switch(code: str, country: str = "") -> StandingSwitch:
    """Return what stands for a language in a country ("" is everywhere)."""
    row = Language.objects.filter(code=code, country__in={"", country}).order_by("-country").first()
    if row is None:
        return StandingSwitch(code, country)
    is_own = row.country == country
    return StandingSwitch(
        code, country, row.state, row.needs_second_person, row.reason if is_own else "", row.changed_at, is_own
    )
