"""The demo as a whole: the order in which the rooms load theirs, through their own actions."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

import accounts.demo
import hotline.demo
import referral.demo
import training.demo
from cms import demo_pages

# The curricula are what the product ships, loaded as in production; everything else is made for the demo.
CONTENT = "the three curricula with their translations"
STEPS = (
    ("countries, offices and people", accounts.demo.make),
    ("the public pages", demo_pages.make),
    (CONTENT, training.demo.load_content),
    ("learners, groups and certificates", training.demo.make),
    ("agencies, pathways and cases", referral.demo.make),
    ("lines, the roster and a day of calls", hotline.demo.make),
)


@transaction.atomic
def load(at: datetime | None = None, told: Callable[[str], None] = lambda words: None) -> None:
    """Load every room's demo data through its own actions, in one transaction; `told` hears of each step that is done."""
    at = at or timezone.now()
    for words, make in STEPS:
        make(at=at)
        told(words)


@transaction.atomic
def roll(at: datetime | None = None) -> None:
    """Bring what the demo tells relative to today up to today: who is on shift, which numbers and services were checked."""
    at = at or timezone.now()
    accounts.demo.roll(at=at)
    referral.demo.roll(at=at)
    hotline.demo.roll(at=at)
