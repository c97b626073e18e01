"""A country in which no pathway is published: the page of a new case says so before anything is filled in."""

from django.urls import reverse

PROMISE = "The case starts on the newest version"
REASON = "This country has no published pathway yet. A programme manager must publish one."


def _page(client):
    return client.get(reverse("referral:case_new")).content.decode()


def test_without_a_pathway_the_page_promises_nothing_and_its_button_rests(operator, liberia, sign_in):
    client = sign_in(operator)

    page = _page(client)
    told = {"language": "fr", "source": "walk_in", "key": "k"}
    sent = client.post(reverse("referral:case_new"), told)

    assert (PROMISE in page, REASON in page) == (False, True)
    assert '<button class="button" disabled>Open the case</button>' in page
    assert f'href="{reverse("referral:find_help", args=[liberia.slug])}"' in page
    assert (sent.status_code, REASON in sent.content.decode()) == (409, True)


def test_with_a_pathway_the_page_says_where_the_case_starts(version, operator, sign_in):
    page = _page(sign_in(operator))

    assert (PROMISE in page, REASON in page) == (True, False)
    assert '<button class="button">Open the case</button>' in page
