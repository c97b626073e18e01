"""One finding of a proof. Sentences live in referral.choices.findings; here are codes and what they speak of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ERROR = "E"
WARNING = "W"


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold: its number, which sentence, at which step and field, and what the sentence names."""

    rule: str
    sentence: str
    step: str = ""
    where: str = ""
    level: str = ERROR
    names: Mapping[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Tell whether the pathway may not be published with it."""
        return self.level == ERROR
