"""The two presses of Publish: the first shows what it does, the second does it."""

from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup
from django.urls import reverse


def press_again(client, answer):
    """Press the button on the page to which the first press led; an answer that leads elsewhere stays as it is."""
    mark = parse_qs(urlsplit(answer.get("Location", "")).query).get("mark")
    if not mark:
        return answer
    kind, pk = urlsplit(answer["Location"]).path.split("/")[-3:-1]
    return client.post(reverse("training:publish", args=[kind, pk]), {"mark": mark[0]})


def carried(answer):
    """Return what the page that shows what saving or deleting a country entry does would send; {} where it is another."""
    page = BeautifulSoup(answer.content, "html.parser").select_one("[data-page^=entry-] form")
    return {field["name"]: field["value"] for field in page.select("input[name]")} if page else {}


def save_entry(client, url, fields):
    """Save a country entry by both presses; an answer to the first that is no such page stays as it is."""
    answer = client.post(url, fields)
    seen = carried(answer)
    return client.post(url, seen) if seen else answer


def delete_entry(client, url):
    """Delete a country entry as somebody does who opens the page that asks, and presses its button."""
    return client.post(url, carried(client.get(url)))
