"""SealedField: a text column that holds only sealed values and never decrypts on reading."""

from django.core.exceptions import FieldError
from django.db import models

from accounts import sealing


class PlainTextRefused(ValueError):
    """Raised when plain text is about to be written into a sealed column; seal it first."""


class Sealed(str):
    """A sealed value as read from the row; it shows itself as "sealed" everywhere."""

    __slots__ = ()

    def __str__(self) -> str:
        return "sealed"

    def __repr__(self) -> str:
        return "<sealed>"

    def __format__(self, spec: str) -> str:
        return "sealed"

    @property
    def raw(self) -> str:
        """Return the stored ciphertext, for accounts.actions.reveal and for re-sealing only."""
        return str.__str__(self)


class SealedField(models.TextField):
    """A nullable text column for sealed values (accounts.sealing). NULL stays NULL."""

    def __init__(self, *args, **kwargs):
        kwargs["null"] = True
        kwargs["blank"] = True
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def from_db_value(self, value, expression, connection):
        """Wrap the stored value so that it cannot be shown by accident."""
        return None if value is None else Sealed(value)

    def get_prep_value(self, value):
        """Return the ciphertext; refuse anything that is not sealed."""
        if value is None:
            return None
        raw = value.raw if isinstance(value, Sealed) else value
        if not isinstance(raw, str) or not sealing.is_sealed(raw):
            raise PlainTextRefused(f"{self.model.__name__}.{self.name} takes only sealed values.")
        return raw

    def get_lookup(self, lookup_name):
        """Allow only `isnull`: a sealed column cannot be searched or ordered."""
        if lookup_name != "isnull":
            raise FieldError("A sealed column cannot be searched; use its blind index.")
        return super().get_lookup(lookup_name)
