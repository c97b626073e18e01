"""Pictures and sound that came with a message: fetched once, bare, sealed, deleted there, shown to who may read."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from PIL import Image

from accounts import actions as accounts
from accounts.models import AuditEntry
from hotline.actions.attachments import fetch_attachment, lose_attachment, order_lost_files_deleted
from hotline.actions.commands import claim_command, run_command
from hotline.attachments import OTHER, plain_file
from hotline.models import Attachment, Command, Contact
from hotline.retention import KEPT_SOUND
from hotline.telephony.base import ProviderRefused
from hotline.telephony.practice import PracticeProvider
from hotline.telephony.providers import SIMULATED_ACCOUNT
from tests.hotline.telephones import REAL
from tests.hotline.texting import live, shown

ME, MM = "ME" + "1" * 32, "MM" + "2" * 32
HOST = "https://api.twilio.com/2010-04-01/Accounts/"
PLACE = "six degrees north"


def photo():
    """Return a photo in which a camera wrote where it was made."""
    notes = Image.Exif()
    notes[0x010E] = PLACE
    target = io.BytesIO()
    Image.new("RGB", (6, 4), "red").save(target, format="JPEG", exif=notes)
    return target.getvalue()


@pytest.fixture
def came(network):
    """A message with one picture, in a conversation that nobody opened yet."""
    return network.text(
        "Look", MessageSid=MM, NumMedia="1", MediaUrl0=f"{HOST}{SIMULATED_ACCOUNT}/Messages/{MM}/Media/{ME}"
    )


@pytest.fixture
def fields(line, settings):
    """What the network posts of a text that names a file, to a line on a real account."""
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = REAL, f"{REAL}=secret"
    line.account = REAL
    line.save()
    return {"From": "+231770000001", "To": "2883", "Body": "Look", "NumMedia": "1",
            "MediaUrl0": f"{HOST}{REAL}/Messages/{MM}/Media/{ME}"}  # fmt: skip


def carry_out(kind, at):
    return run_command(claim_command(Command.objects.get(kind=kind).pk, at=at), at=at)


def given(monkeypatch, content):
    """Let the provider have this content, or refuse the file with this code."""

    def attachment(self, message_sid, sid):
        if isinstance(content, str):
            raise ProviderRefused(content)
        return content

    monkeypatch.setattr(PracticeProvider, "attachment", attachment)


def test_a_picture_is_written_anew_without_what_the_camera_noted():
    content, kind = plain_file(photo())

    assert kind == "image/jpeg"
    assert PLACE.encode() in photo()
    assert PLACE.encode() not in content
    with Image.open(io.BytesIO(content)) as bare:
        assert (bare.size, dict(bare.getexif())) == ((6, 4), {})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"OggS\x00", "audio/ogg"),
        (b"ID3\x03", "audio/mpeg"),
        (b"#!AMR\n", "audio/amr"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"\x00\x00\x00\x18ftypisom", "video/mp4"),
        (b"<html><script>alert(1)</script>", OTHER),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", OTHER),
        (b"\xff\xd8\xff\xe0 cut off", OTHER),
        (b"", OTHER),
    ],
)
def test_bytes_say_what_a_file_is(content, kind):
    assert plain_file(content) == (content, kind)


@pytest.mark.django_db
def test_a_file_is_sealed_before_the_providers_copy_goes_and_leaves_a_receipt(came, operator, at, monkeypatch):
    given(monkeypatch, photo())
    assert not Command.objects.filter(kind="delete_message").exists()  # the message would take its files along

    assert carry_out("fetch_attachment", at)

    row = Attachment.objects.get()
    assert (row.content_type, row.fetched_at, row.deleted_at) == ("image/jpeg", at, None)
    assert accounts.reveal(row, "content", by=operator, at=at, reason="test")
    assert carry_out("delete_attachment", at)
    row.refresh_from_db()
    assert (row.deleted_at, bool(row.receipt)) == (at, True)
    kinds = list(Contact.objects.get().events.values_list("kind", flat=True))
    assert kinds[-2:] == ["attachment_fetched", "attachment_deleted"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["https://evil.example/Messages/x", f"{HOST}A/Messages/{MM}/Media/../../x", f"http://10.0.0.1/{ME}", ""]
)
def test_nothing_is_asked_of_an_address_that_is_not_the_providers(network, address):
    contact = network.text("Look", NumMedia="1", MediaUrl0=address)

    assert "has_media" in contact.flag_codes
    assert not Attachment.objects.exists()
    assert not Command.objects.filter(kind="fetch_attachment").exists()


@pytest.mark.django_db
def test_one_that_is_too_large_is_not_asked_for_again_and_is_said(came, desk, at, now, monkeypatch):
    given(monkeypatch, "too_large")

    assert carry_out("fetch_attachment", at)

    assert Attachment.objects.get().fault == "too_large"
    assert Command.objects.filter(kind="delete_attachment").exists()
    desk.post(reverse("hotline:read_messages", args=[came.public_id]))
    assert "too large to be kept" in shown(desk, came)


@pytest.mark.django_db
def test_who_reads_the_conversation_opens_the_file_on_record(came, desk, at, now, monkeypatch):
    given(monkeypatch, photo())
    desk.post(reverse("hotline:read_messages", args=[came.public_id]))
    page = shown(desk, came)
    assert "Not fetched from the provider yet." in page
    carry_out("fetch_attachment", at)
    assert "Open the picture" in live(desk, came, thread=f"{came.public_id.hex}.older").content.decode()
    door = reverse("hotline:attachment", args=[came.public_id, Attachment.objects.get().public_id])

    answer = desk.get(door)

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert (answer["X-Content-Type-Options"], "sandbox" in answer["Content-Security-Policy"]) == ("nosniff", True)
    assert AuditEntry.objects.filter(verb="sealed.revealed", body__contains="content").exists()


@pytest.mark.django_db
def test_what_could_be_run_is_only_saved(came, desk, at, now, monkeypatch):
    given(monkeypatch, b"<html><script>alert(1)</script>")
    carry_out("fetch_attachment", at)

    answer = desk.get(reverse("hotline:attachment", args=[came.public_id, Attachment.objects.get().public_id]))

    assert answer["Content-Type"] == OTHER
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.django_db
def test_a_colleagues_case_keeps_its_files_to_itself(came, case, desk, person, at, now, monkeypatch):
    given(monkeypatch, photo())
    carry_out("fetch_attachment", at)
    case.owner = person("operator", country=case.country)
    case.save()
    Contact.objects.update(case=case)

    answer = desk.get(reverse("hotline:attachment", args=[came.public_id, Attachment.objects.get().public_id]))

    assert answer.status_code == 404


@pytest.mark.django_db
def test_erasing_takes_the_file_and_a_later_fetch_keeps_nothing(came, at, monkeypatch):
    given(monkeypatch, photo())
    Contact.objects.update(erased_at=at)

    assert carry_out("fetch_attachment", at)

    row = Attachment.objects.get()
    assert (row.content, row.fetched_at) == (None, None)
    assert carry_out("delete_attachment", at)


@pytest.mark.django_db
def test_one_that_cannot_be_fetched_stays_at_the_provider_for_thirty_days_and_is_followed_up(came, at):
    Contact.objects.update(closed_at=at, closing="reached")

    lose_attachment(Attachment.objects.get().pk, fault="", at=at)

    contact = Contact.objects.get()
    assert (contact.closed_at, contact.is_missed, "file_lost" in contact.flag_codes) == (None, True, True)
    for days, asked in ((0, 0), (29, 0), (31, 1)):
        order_lost_files_deleted(at=at + dt.timedelta(days=days))
        assert Command.objects.filter(kind__in=("delete_attachment", "delete_message")).count() in (asked, 2 * asked)
        assert Command.objects.filter(kind="delete_attachment").count() == asked


@pytest.mark.django_db
def test_one_that_is_gone_there_is_followed_up_and_its_message_goes(came, at):
    lose_attachment(Attachment.objects.get().pk, fault="gone", at=at)

    assert Command.objects.filter(kind="delete_attachment").exists()
    assert "file_lost" in Contact.objects.get().flag_codes


@pytest.mark.django_db
@pytest.mark.both
def test_a_file_that_comes_again_under_another_text_is_kept_once_and_the_text_is_taken(came, network, at):
    again = network.text(
        "Again", MessageSid="MM" + "3" * 32, NumMedia="1", MediaUrl0=f"{HOST}x/Messages/{MM}/Media/{ME}"
    )

    assert again.messages.count() == 2
    assert Attachment.objects.get().message == came.messages.first()
    assert Command.objects.filter(kind="fetch_attachment").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("is_here", "wait"), [(False, KEPT_SOUND), (True, dt.timedelta(minutes=1))])
def test_the_copy_of_a_text_that_names_a_known_file_stays_while_the_file_is_awaited(
    network, at, fields, is_here, wait
):
    network.post("/hotline/twilio/message/", fields | {"MessageSid": MM}, account=REAL)
    Attachment.objects.update(fetched_at=at if is_here else None)

    network.post("/hotline/twilio/message/", fields | {"MessageSid": "SM" + "3" * 32}, account=REAL)

    order = Command.objects.get(kind="delete_message")
    assert order.due_at - order.made_at == wait


@pytest.mark.django_db
@pytest.mark.parametrize("is_lost", [False, True])
def test_once_the_file_is_here_or_gone_for_good_no_copy_of_a_text_waits_for_it(network, clock, fields, is_lost):
    for sid in (MM, "SM" + "3" * 32):
        network.post("/hotline/twilio/message/", fields | {"MessageSid": sid}, account=REAL)
    network.post("/hotline/twilio/message/", fields | {"MessageSid": "SM" + "5" * 32, "NumMedia": "0"}, account=REAL)
    order, row = Command.objects.get(kind="fetch_attachment"), Attachment.objects.get()
    at = clock.move(seconds=2)
    if is_lost:
        lose_attachment(row.pk, fault="gone", at=at)
    else:
        fetch_attachment(order, PracticeProvider(REAL), at)

    texts = Command.objects.filter(kind="delete_message")
    assert texts.count() == 3
    assert max(one.due_at for one in texts) == at + dt.timedelta(minutes=1)
    network.post("/hotline/twilio/message/", fields | {"MessageSid": "SM" + "4" * 32}, account=REAL)
    assert texts.filter(due_at__gt=at + dt.timedelta(minutes=2)).count() == 0


@pytest.mark.django_db
def test_the_copy_of_a_text_waits_for_a_lost_file_also_when_another_one_comes(network, clock, fields, monkeypatch):
    for sid in (MM, "SM" + "3" * 32):
        network.post("/hotline/twilio/message/", fields | {"MessageSid": sid}, account=REAL)
    lose_attachment(Attachment.objects.get().pk, fault="down", at=clock.move(hours=1))
    waits = Command.objects.filter(kind="delete_message").get()
    other = "MM" + "8" * 32
    network.post(
        "/hotline/twilio/message/",
        fields | {"MessageSid": other, "MediaUrl0": f"{HOST}{REAL}/Messages/{other}/Media/ME{'8' * 32}"},
        account=REAL,
    )
    given(monkeypatch, photo())

    order = Command.objects.filter(kind="fetch_attachment").latest("pk")
    fetch_attachment(order, PracticeProvider(REAL), clock.move(seconds=2))

    assert Command.objects.get(pk=waits.pk).due_at == waits.due_at
