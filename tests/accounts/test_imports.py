"""What a yes to an import writes: as many single invitations would, and in one short transaction."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import actions, queries
from accounts.forms import OfficialsForm
from accounts.models import AuditEntry, Country, Invitation, Letter, User

FILE = b"name,e-mail,office,country,language\nN,n@office.example,Court A (example),LR,en\n"


def officials(count, office):
    """Return the rows of a dry run."""
    place = {"office": office.pk, "country": office.country_id, "language": "fr"}
    return [{"name": f"N{number}", "email": f"n{number}@office.example"} | place for number in range(count)]


def kept(person):
    """Return what stands about a person, but for ids, keys and links."""
    letter = Letter.objects.get(receiver=actions.thing_id(person))
    invitation = Invitation.objects.get(user=person)
    entries = AuditEntry.objects.filter(thing=actions.thing_id(person)).order_by("seq")
    facts = (
        person.name,
        person.is_active,
        person.is_staff,
        person.roles,
        person.language,
        person.country,
        person.office,
    )
    words = [line for line in actions.open_letter(letter).text.splitlines() if "/invitation/" not in line]
    return (
        facts,
        person.has_usable_password(),
        list(person.groups.values_list("name", flat=True)),
        (letter.country, letter.language, letter.subject, words, actions.open_letter(letter).to == person.email),
        (invitation.invited_by, invitation.invited_at, invitation.ends_at, invitation.revoked_at),
        [(entry.verb, entry.country, entry.actor) for entry in entries],
    )


def test_an_import_writes_what_single_invitations_would(administrator, court, at):
    place = {"country": court.country, "office": court, "language": "fr"}
    actions.invite(email="one@office.example", name="N0", roles=["learner"], by=administrator, at=at, **place)
    single = kept(User.objects.get(email="one@office.example"))

    assert actions.import_officials(officials=officials(2, court), by=administrator, at=at) == 2

    assert kept(User.objects.get(email="n0@office.example")) == single
    assert queries.chain_faults() == []


def test_an_imported_link_opens_the_account(administrator, court, at):
    actions.import_officials(officials=officials(1, court), by=administrator, at=at)
    text = actions.open_letter(Letter.objects.get()).text
    token = text.split("/invitation/")[1].split("/")[0]

    person = actions.accept_invitation(token=token, name="N", password="seven quiet lanterns", at=at)

    assert person.email == "n0@office.example"


def test_the_transaction_of_an_import_is_short_however_long_the_list(administrator, court, at):
    few, many = (officials(count, court) for count in (2, 200))
    with CaptureQueriesContext(connection) as first:
        actions.import_officials(officials=few, by=administrator, at=at)
    others = [row | {"email": f"m{row['email']}"} for row in many]
    with CaptureQueriesContext(connection) as second:
        actions.import_officials(officials=others, by=administrator, at=at)

    assert len(second) <= len(first) + 10


def test_nothing_is_written_when_a_later_row_fails(administrator, court, at, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("accounts.actions.imports.record_many", broken)

    with pytest.raises(RuntimeError):
        actions.import_officials(officials=officials(3, court), by=administrator, at=at)
    assert not Letter.objects.exists()
    assert not User.objects.filter(email__endswith="office.example").exists()


@pytest.mark.parametrize("change", ["office gone", "country closed", "person moved"])
def test_a_report_from_before_a_change_is_refused(sign_in, person, court, haiti, change):
    manager = person("manager", country=court.country)
    form = OfficialsForm(files={"file": SimpleUploadedFile("list.csv", FILE)}, data={}, user=manager)
    assert form.is_valid()
    plan = form.plan()
    if change == "office gone":
        court.delete()
    elif change == "country closed":
        Country.objects.filter(pk="LR").update(is_active=False)
    else:
        User.objects.filter(pk=manager.pk).update(country=haiti)
    manager.refresh_from_db()

    answer = sign_in(manager).post(reverse("accounts:import_confirm"), {"plan": plan}, follow=True)

    assert "This report is too old or was changed. Check the file again." in answer.content.decode()
    assert not Letter.objects.exists()


def test_missing_columns_are_told_with_the_comma_of_the_language(administrator):
    file = SimpleUploadedFile("o.csv", b"name,office,country\n")
    with translation.override("ar"):
        (said,) = OfficialsForm({}, {"file": file}, user=administrator).errors["file"]

    assert (said.count("، ") >= 1, ", " in said) == (True, False)
