"""The standing pages: the front page, a home per country, privacy, accessibility, about; loaded from cms/content."""

import tomllib
import uuid
from datetime import datetime
from functools import cache
from pathlib import Path

from django.db import transaction
from wagtail.models import Page, Site

from accounts.models import Country
from cms.models import FrontPage, HomePage, StandardPage
from languages import actions as languages
from languages import exchange, segments, table

CONTENT = Path(__file__).parent / "content"
BY = "system"  # the words come with the product; nobody here wrote them
BLOCKS = uuid.UUID("6f1f7a52-6a52-4d8c-9c55-5a9a3f5f2d11")


def block_id(slug: str, key: str) -> str:
    """Return the id of a section's block: the same in every installation."""
    return str(uuid.uuid5(BLOCKS, f"{slug}/{key}"))


@cache
def _source() -> dict:
    return tomllib.loads((CONTENT / "pages.toml").read_text(encoding="utf-8"))


@cache
def _texts(code: str) -> dict[str, str]:
    """Return the translations of one language by msgctxt; none when the file is not there."""
    path = CONTENT / f"{table.BY_CODE[code].folder}.po"
    if not path.exists():
        return {}
    return {context: target for context, (_, target) in exchange.texts_of(path.read_text(encoding="utf-8")).items()}


def _translate(page, contexts: dict[str, str], at: datetime) -> None:
    """Publish the drafted translations of a page; `contexts` maps segment paths to msgctxt."""
    known = {line.path for line in segments.extract(page)}
    drafted: dict[str, dict[str, str]] = {}
    for code in table.CODES:
        texts = _texts(code) if code != table.SOURCE else {}
        found = {path: texts[context] for path, context in contexts.items() if path in known and texts.get(context)}
        if found:
            drafted[code] = found
    if drafted:
        languages.seed_languages(page, drafted, by=BY, at=at)


def _add(parent, page):
    page.go_live(below=parent)
    return page


def _front(source: dict, at: datetime) -> FrontPage:
    root = Page.get_first_root_node()
    Page.objects.filter(depth=2, slug="home").exclude(pk__in=FrontPage.objects.values("pk")).delete()
    root.refresh_from_db()
    front = _add(
        root,
        FrontPage(title=source["title"], slug="fanal", heading_en=source["heading"], summary_en=source["summary"]),
    )
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": front, "site_name": "Fanal"}
    )
    _translate(front, {"heading": "front heading", "summary": "front summary"}, at)
    return front


def _standing(front: FrontPage, source: dict, at: datetime) -> None:
    slug = source["slug"]
    body = [
        {
            "type": "text",
            "id": block_id(slug, section["key"]),
            "value": {"heading": section["heading"], "text": section["html"]},
        }
        for section in source["sections"]
    ]
    page = StandardPage(title=source["title"], slug=slug, heading_en=source["heading"], summary_en=source["summary"])
    page.body_en = body
    _add(front, page)
    contexts = {"heading": f"{slug} heading", "summary": f"{slug} summary"}
    for section in source["sections"]:
        path = f"body.{block_id(slug, section['key'])}"
        contexts[f"{path}.heading"] = f"{slug} {section['key']} heading"
        contexts[f"{path}.text"] = f"{slug} {section['key']} html"
    _translate(page, contexts, at)


@transaction.atomic
def keep_pages(*, at: datetime) -> bool:
    """Make the front page and what stands below it once; tell whether anything was made."""
    if FrontPage.objects.exists():
        return False
    source = _source()
    front = _front(source["front"], at)
    for page in source["pages"]:
        _standing(front, page, at)
    return True


@transaction.atomic
def keep_home(*, country: Country, at: datetime) -> bool:
    """Make the home page of a country once, below the front page; tell whether it was made."""
    if HomePage.objects.filter(country=country).exists():
        return False
    heading = _source()["home"]["heading"]
    home = HomePage(title=country.name, slug=country.slug, country=country, heading_en=heading)
    _translate(_add(FrontPage.objects.get(), home), {"heading": "home heading"}, at)
    return True
