"""What the outbox says: days and moments as the server writes them, in every language."""

import datetime as dt
import json

import pytest
from django.utils.formats import date_format
from django.utils.translation import override

from languages.table import CODES
from training.templatetags.outbox_tags import date_words


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("month", range(1, 13))
def test_a_phone_writes_a_day_and_a_moment_as_the_server_does(code, month):
    when = dt.datetime(2026, month, 3, 9, 5, tzinfo=dt.UTC)
    with override(code):
        told = json.loads(date_words())
        wanted = date_format(when, "DATE_FORMAT"), date_format(when, "DATETIME_FORMAT")

    day = told["days"][month - 1].replace("#d", "3").replace("#Y", "2026")
    moment = told["moment"].replace("#D", day).replace("#H", "09").replace("#i", "05")
    assert (day, moment) == wanted
