"""What stands in deploy/ and in the README's steps holds what the product relies on."""

import re
import shutil
import subprocess

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import reverse

from hotline.actions.called_back import WAITS
from hotline.forms.lines import MOST_MEGABYTES
from hotline.telephony import twiml
from hotline.webhooks import DUTY_STEPS, IN_ROOM, NO_CALLER
from training import media

EXAMPLE = settings.BASE_DIR / "deploy" / "nginx.conf.example"


def test_no_log_of_the_proxy_holds_an_address():
    text = EXAMPLE.read_text("utf-8")
    servers = text.count("\nserver {")

    assert len(re.findall(r"^    access_log off;", text, re.MULTILINE)) == servers
    assert len(re.findall(r"^    error_log \S+ crit;", text, re.MULTILINE)) == servers


def test_the_proxy_replaces_what_a_visitor_says_about_her_address_and_keeps_the_raw_path():
    text = EXAMPLE.read_text("utf-8")

    assert "X-Forwarded-For $remote_addr;" in text
    assert set(re.findall(r"proxy_pass (\S+);", text)) == {"http://fanal"}


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine")
def test_nginx_takes_the_example(tmp_path):
    text = re.sub(r"ssl_certificate\S*\s+\S+;", "", EXAMPLE.read_text("utf-8")).replace(" ssl;", ";")
    site = text.replace("/var/log/nginx/", f"{tmp_path}/").replace("listen [::]:", "listen [::1]:")
    site = re.sub(r"(listen (?:\[::1\]:)?)(80|443)", r"\g<1>58\2", site)
    (tmp_path / "site.conf").write_text(site, "utf-8")
    folders = "".join(
        f"{name}_temp_path {tmp_path}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log; events {{}} http {{ {folders} include site.conf; }}"
    )

    found = subprocess.run(
        [shutil.which("nginx"), "-t", "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True, check=False
    )

    assert found.returncode == 0, found.stderr


def answer_of_nginx(address):
    """Return the document that nginx gives for an address of the voice door while the application is away."""
    text = EXAMPLE.read_text("utf-8")
    body = re.search(r"map \$uri \$duty_document \{(.*?)\n\}", text, re.DOTALL)[1]
    otherwise = re.search(r"map \$uri \$duty_call \{\s+default '(.*?)';", text)[1]
    assert body.count("default $duty_call;") == 1
    listed = re.findall(r"^ +~(\S+) '(.*?)';", body, re.MULTILINE)
    return next((said for place, said in listed if re.search(place, address)), otherwise)


@pytest.mark.parametrize("step", sorted(DUTY_STEPS))
def test_while_the_application_is_away_a_duty_phone_that_was_picked_up_is_connected_at_once(step):
    assert answer_of_nginx(f"/hotline/twilio/voice/{step}/") == twiml.EMPTY


@pytest.mark.parametrize("step", sorted(NO_CALLER - DUTY_STEPS))
def test_while_the_application_is_away_a_telephone_without_a_caller_is_hung_up(step):
    assert answer_of_nginx(f"/hotline/twilio/voice/{step}/") == twiml.document("<Hangup/>")


@pytest.mark.parametrize("step", sorted(IN_ROOM - {"announce"}))
def test_while_the_application_is_away_who_waits_hears_that_the_line_is_open_and_what_to_press(step):
    said = answer_of_nginx(f"/hotline/twilio/voice/{step}/")

    assert "The line is still open. For another telephone, press star." in said
    assert said.endswith(
        '<Pause length="10"/><Redirect method="POST">https://$server_name$request_uri</Redirect></Response>'
    )


def test_while_the_application_is_away_nothing_is_announced():
    assert answer_of_nginx("/hotline/twilio/voice/announce/") == twiml.document('<Pause length="1"/>')


def test_while_the_application_is_away_who_is_alone_in_a_call_back_hears_no_word_of_the_line():
    said = answer_of_nginx(f"/hotline/twilio/voice/{WAITS}/")

    assert re.findall(r"<(\w+)", said) == ["Response", "Pause", "Redirect"]


@pytest.mark.parametrize("step", ["", "language/", "phones/", "agency-like/"])
def test_while_the_application_is_away_a_caller_is_put_through(step):
    assert "<Dial" in answer_of_nginx(f"/hotline/twilio/voice/{step}")


def test_the_readme_gives_the_addresses_with_their_times_to_wait():
    text = (settings.BASE_DIR / "README.md").read_text("utf-8")

    assert f"/hotline/twilio/voice/{twiml.VOICE_FRAGMENT}`" in text
    assert f"/hotline/twilio/status/{twiml.STATUS_FRAGMENT}`" in text
    assert f"/hotline/twilio/message/{twiml.STATUS_FRAGMENT}`" in text


def test_each_command_that_the_readme_names_is_there():
    text = (settings.BASE_DIR / "README.md").read_text("utf-8")
    named = set(re.findall(r"manage\.py (\w+)", text))

    assert named >= {"anchor_audit", "verify_audit", "note_backup", "export_erasures", "replay_erasures"}
    assert named <= set(get_commands())


def test_the_proxy_lets_the_form_of_recordings_speak_for_itself():
    text = EXAMPLE.read_text("utf-8")
    place, body = re.search(r"location ~ (\S+files\S+) \{(.*?)\}", text, re.DOTALL).groups()
    line = "6f0f4d0e-29c1-4a0c-8a39-0e6b2d2f7a51"

    assert re.match(place, reverse("hotline:prompts_upload", args=[line, "pt-br"]))
    assert not re.match(place, reverse("hotline:prompts_in", args=[line, "pt-br"]))
    assert int(re.search(r"client_max_body_size (\d+)m", body)[1]) > MOST_MEGABYTES * 2
    assert text.count("error_page 413 @large;") == 3


def test_the_proxy_lets_the_forms_of_films_and_documents_speak_for_themselves():
    text = EXAMPLE.read_text("utf-8")
    place, body = re.search(r"location ~ (\S+clip\S+) \{(.*?)\}", text, re.DOTALL).groups()

    for name in ("wagtailsnippets_training_clip:add", "wagtailsnippetchoosers_training_clip:create"):
        assert re.match(place, reverse(name))
    assert re.match(place, reverse("wagtaildocs:add"))
    assert not re.match(place, reverse("wagtailimages:add"))
    assert int(re.search(r"client_max_body_size (\d+)m", body)[1]) * 1024**2 > media.MOST * 1.2
