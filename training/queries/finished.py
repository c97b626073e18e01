"""The end of a refresher or of a course as it travels to the page that tells it: what happened, in no language.

A phone's script sends to an address that has no language, so the words are chosen by the page that shows them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from training.choices import CertificateKind

MARK = "finished"


@dataclass(frozen=True)
class Finished:
    """A refresher that is done, up to an edition (`number`), or else the kinds of certificates that somebody has.

    `has_moved`: the edition is of the country where she is now, and her certificate may be of another one.
    """

    number: int = 0
    kinds: tuple[str, ...] = ()
    is_holder: bool = False
    has_moved: bool = False

    @property
    def tag(self) -> str:
        """Return it as a message carries it along."""
        told = ["code" if self.is_holder else "", "moved" if self.has_moved else ""]
        return ":".join([MARK, str(self.number), ",".join(self.kinds), *told])

    @property
    def is_both(self) -> bool:
        """Tell whether there is a certificate of either kind."""
        return len(self.kinds) > 1

    @property
    def is_completion(self) -> bool:
        """Tell whether there is the certificate of completion alone."""
        return self.kinds == (CertificateKind.COMPLETION,)


def certified_for(kinds: Iterable[str]) -> Finished | None:
    """Return that somebody has certificates of these kinds; None where of none."""
    kinds = tuple(sorted(str(kind) for kind in kinds))
    return Finished(kinds=kinds) if kinds else None


def finished_in(tag: str) -> Finished | None:
    """Return what a message carries along; None where that is something else."""
    mark, *told = (tag or "").split(":")
    if mark != MARK or len(told) != 4:
        return None
    number, kinds, code, moved = told
    return Finished(int(number), tuple(kind for kind in kinds.split(",") if kind), bool(code), bool(moved))
