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


def load_content(*, at: datetime) -> None:
    """Load what the product ships, as the opening of a country does in production; what stands stays as it is."""
    demo_pages.make(at=at)
    training.demo.load_content(at=at)
    referral.demo.load_content(at=at)
    hotline.demo.load_content(at=at)


CONTENT = "pages, curricula, prompts and pathways that the product ships, in their languages"
STEPS = (
    ("countries, offices and people", accounts.demo.make),
    (CONTENT, load_content),
    ("learners, groups and certificates", training.demo.make),
    ("agencies, published pathways and cases", referral.demo.make),
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
