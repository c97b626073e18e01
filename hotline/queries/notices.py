"""What stands above the console though this room does not know it: whoever writes it there says when it changed."""

from collections.abc import Callable

# Each returns a mark of what it shows to the reader of this moment; "" while it shows nothing. It must cost no query.
MARKS: list[Callable[[], str]] = []


def notice_mark() -> str:
    """Return a mark that differs as soon as what stands above the console looks different."""
    return "".join(mark() for mark in MARKS)
