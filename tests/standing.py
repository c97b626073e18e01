"""A school that other connections see too: made once, its rows kept, and put back after the flush that ends such a test."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.models import Site

from accounts.models import Country
from cms.models import FrontPage
from tests.filled import filled, unchecked
from tests.training.conftest import COUNTRIES
from tests.training.small import small
from training import actions

KEPT = {}  # the rows of each table, as PostgreSQL copies them, by the courses of the school


def school(root, folder, at, *courses):
    """Let small courses stand in Haiti; return their country."""
    if courses in KEPT:
        _put_back(KEPT[courses])
    else:
        _make(root, folder, at, courses)
        KEPT[courses] = {table: _rows(table) for table in filled()}
    return Country.objects.get()


def _make(root, folder, at, courses):
    page = FrontPage(title="Fanal", slug="fanal", heading_en="Fanal")
    root.add_child(instance=page)
    Site.objects.update_or_create(is_default_site=True, defaults={"hostname": "testserver", "root_page": page})
    code, name, languages, zone = COUNTRIES[0]
    Country.objects.create(code=code, name_en=name, slug="haiti", language_codes=languages, time_zone=zone)
    for key in courses:
        actions.load_course(small(key, folder), page, by="test", at=at)


def _rows(table):
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(copy)


def _put_back(kept):
    """Put rows back under the numbers that they had, those of kinds of content and of rights with them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(unchecked())
        for table in filled():
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        for table, rows in kept.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
    ContentType.objects.clear_cache()
