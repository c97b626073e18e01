"""The demo as a whole: the order in which the rooms load theirs, through their own actions."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

import accounts.demo
import hotline.demo
import referral.demo
import training.demo
from cms import demo_pages


@transaction.atomic
def load(at: datetime | None = None) -> None:
    """Load every room's demo data through its own actions, in one transaction."""
    at = at or timezone.now()
    accounts.demo.make(at=at)
    demo_pages.make(at=at)
    training.demo.make(at=at)
    referral.demo.make(at=at)
    hotline.demo.make(at=at)


@transaction.atomic
def roll(at: datetime | None = None) -> None:
    """Bring what the demo tells relative to today up to today: who is on shift, which numbers and services were checked."""
    at = at or timezone.now()
    accounts.demo.roll(at=at)
    referral.demo.roll(at=at)
    hotline.demo.roll(at=at)
