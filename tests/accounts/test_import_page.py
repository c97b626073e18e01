import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import actions
from accounts.models import AuditEntry, Invitation, Letter, Office, User
from tests.accounts.lists import GOOD, HEADER, upload


def rows_written():
    return (
        User.objects.filter(email__endswith="office.example").count(),
        Letter.objects.count(),
        Invitation.objects.count(),
    )


def test_the_dry_run_writes_nothing(desk):
    response = upload(desk, GOOD + "N3,broken,Court A (example),LR,en\n")

    page = response.content.decode()
    assert rows_written() == (0, 0, 0)
    assert "2 officials would be invited" in page
    assert "is not an e-mail address" in page
    assert not AuditEntry.objects.filter(verb="officials.imported").exists()


def test_each_click_leads_to_an_address_that_back_finds_again(desk):
    report = upload(desk)
    address = report.redirect_chain[-1][0]

    again = desk.get(address).content.decode()
    answer = desk.post(reverse("accounts:import_confirm"), {"plan": report.context["plan"]})
    after = desk.get(address, follow=True)

    assert "2 officials would be invited" in again
    assert (answer.status_code, answer["Location"]) == (302, reverse("accounts:people"))
    assert after.redirect_chain[-1][0] == reverse("accounts:import_officials")
    assert "officials_file" not in desk.session


def test_the_file_waits_for_its_owner_alone_and_not_for_long(desk, sign_in, person):
    address = upload(desk).redirect_chain[-1][0]

    session = desk.session
    session["officials_file"] |= {"at": session["officials_file"]["at"] - 3601}
    session.save()
    late = desk.get(address, follow=True).content.decode()
    kept = "officials_file" in desk.session
    upload(desk)
    other = sign_in(person("administrator")).get(address, follow=True).content.decode()

    for page in (other, late):
        assert "one@office.example" not in page
        assert "This report was answered, or is older than an hour." in page
    assert not kept


def test_a_no_forgets_the_file(desk):
    upload(desk)

    desk.get(reverse("accounts:import_officials") + "?no")

    assert "officials_file" not in desk.session


def test_no_says_that_nothing_was_written(desk):
    page = upload(desk, GOOD).content.decode()
    address = next(piece.split('"')[0] for piece in page.split('href="') if "?no" in piece[:60])

    answer = desk.get(address).content.decode()

    assert "Nothing was written." in answer
    assert rows_written() == (0, 0, 0)


def test_yes_writes_exactly_what_the_dry_run_showed(desk):
    plan = upload(desk, GOOD + "N3,broken,Court A (example),LR,en\n").context["plan"]

    desk.post(reverse("accounts:import_confirm"), {"plan": plan})

    written = User.objects.filter(email__endswith="office.example").order_by("email")
    assert [(user.email, user.name, user.language, user.office.name, user.role_codes) for user in written] == [
        ("one@office.example", "N1", "en", "Court A (example)", frozenset({"learner"})),
        ("two@office.example", "N2", "fr", "Court A (example)", frozenset({"learner"})),
    ]
    assert [letter.language for letter in Letter.objects.order_by("language")] == ["en", "fr"]
    assert AuditEntry.objects.filter(verb="officials.imported").count() == 1


def test_yes_twice_writes_once(desk):
    plan = upload(desk).context["plan"]
    answers = [desk.post(reverse("accounts:import_confirm"), {"plan": plan}, follow=True) for _ in range(2)]

    assert rows_written() == (2, 2, 2)
    assert "Everybody in this list is invited already. Nothing was written again." in answers[1].content.decode()
    assert AuditEntry.objects.filter(verb="officials.imported").count() == 1


def test_all_or_none_when_somebody_got_an_account_meanwhile(desk, administrator, liberia, at):
    plan = upload(desk).context["plan"]
    actions.make_person(
        email="two@office.example", name="", roles=["learner"], country=liberia, by=administrator, at=at
    )

    response = desk.post(reverse("accounts:import_confirm"), {"plan": plan}, follow=True)

    assert rows_written() == (1, 0, 0)
    assert "Check the file again" in response.content.decode()


@pytest.mark.parametrize("change", [lambda plan: plan[:-2] + "xx", lambda plan: "", lambda plan: "a:b:c"])
def test_a_changed_plan_is_refused(desk, change):
    plan = upload(desk).context["plan"]

    desk.post(reverse("accounts:import_confirm"), {"plan": change(plan)})

    assert rows_written() == (0, 0, 0)


def test_a_plan_of_somebody_else_is_refused(desk, sign_in, person):
    plan = upload(desk).context["plan"]

    sign_in(person("administrator")).post(reverse("accounts:import_confirm"), {"plan": plan})

    assert rows_written() == (0, 0, 0)


def test_a_file_that_is_no_list_says_why_on_the_page(desk):
    response = upload(desk, header="a,b\n")

    assert "The header lacks: name, e-mail, office, country, language." in response.content.decode()
    assert rows_written() == (0, 0, 0)


def test_a_spreadsheet_file_is_told_to_be_saved_as_csv(desk):
    file = SimpleUploadedFile("officials.xlsx", b"PK", content_type="application/octet-stream")

    page = desk.post(reverse("accounts:import_officials"), {"file": file}).content.decode()

    assert "This is no CSV file. Open it in your spreadsheet program, save it as CSV" in page
    assert "The header lacks" not in page


def test_a_learner_cannot_import(sign_in, person, liberia):
    assert upload(sign_in(person("learner", country=liberia))).status_code == 404


def test_a_full_file_is_read_in_time(desk, liberia):
    rows = "".join(f"N{number},n{number}@office.example,Court A (example),LR,en\n" for number in range(2000))

    response = upload(desk, rows)

    assert len(response.context["reading"].good) == 2000
    assert len(response.context["plan"]) < 1_500_000


def test_the_page_names_the_offices_that_a_file_may_name(sign_in, person, administrator, haiti, court):
    Office.objects.create(country=haiti, name="Poste B", kind="border")
    address = reverse("accounts:import_officials")

    manager = sign_in(person("manager", country=haiti)).get(address).content.decode()
    everywhere = sign_in(administrator).get(address).content.decode()

    assert ("Poste B" in manager, "Court A (example)" in manager.split("</pre>")[1]) == (True, False)
    assert ("Poste B" in everywhere, "Offices of Liberia (LR)" in everywhere) == (True, True)


def test_a_refused_row_is_cut_and_shows_its_hidden_signs_as_marks(desk):
    rows = (
        f"{'N' * 3000},a@office.example,Court A (example),LR,en\n\u202eevil,b@office.example,Court A (example),LR,en\n"
    )

    html = upload(desk, rows).content.decode()

    page = BeautifulSoup(html, "html.parser")
    long, odd = (row.select_one("td[data-h=Name]") for row in page.select("tbody tr"))
    assert long.text == "N" * 60 + "…"
    assert odd.text == "U+202Eevil"
    assert odd.select_one("bdi.sign").text == "U+202E"
    assert "\u202e" not in html


def test_what_would_be_written_is_shown_whole(desk):
    name = "Official " + "Aïssatou " * 12 + "A"

    page = BeautifulSoup(upload(desk, f"{name},a@office.example,Court A (example),LR,en\n").content, "html.parser")

    assert page.select_one("td[data-h=Name]").text == name


def test_a_column_that_is_not_used_turns_no_line(desk):
    html = upload(desk, "N,a@office.example,Court A (example),LR,en,x\n", header=HEADER.replace("\n", ",od\u202ed\n")).content.decode()  # fmt: skip

    assert 'These columns are not used: <bdi>od<bdi class="sign" dir="ltr">U+202E</bdi>d</bdi>.' in html
