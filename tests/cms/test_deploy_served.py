"""The example of nginx, served: what a caller hears while the application is dead, and while it hangs."""

import http.client
import re
import shutil
import socket
import subprocess
import threading
import time

import pytest
from django.conf import settings
from pytest_socket import enable_socket

from hotline.telephony import grammar

pytestmark = [
    pytest.mark.long,
    pytest.mark.either,
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine"),
]
EXAMPLE = settings.BASE_DIR / "deploy" / "nginx.conf.example"
VOICE, STATUS = "/hotline/twilio/voice/", "/hotline/twilio/status/"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hanging(threading.Thread):
    """Takes connections and answers none of them."""

    def __init__(self):
        super().__init__(daemon=True)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.taken = []

    @property
    def port(self):
        return self.server.getsockname()[1]

    def run(self):
        while True:
            try:
                self.taken.append(self.server.accept())
            except OSError:
                return

    def end(self):
        for connection, _address in self.taken:
            connection.close()
        self.server.close()


def served(folder, upstream):
    """Start nginx with the example, without its certificates, before an application on a port; return port and process."""
    port = free_port()
    text = re.sub(r"ssl_certificate\S*\s+\S+;", "", EXAMPLE.read_text("utf-8")).replace(" ssl;", ";")
    text = text.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{upstream};").replace(
        "/var/log/nginx/", f"{folder}/"
    )
    text = re.sub(r"^ +listen (\[::\]:\d+|80);\n", "", text, flags=re.MULTILINE).replace(
        "listen 443;", f"listen 127.0.0.1:{port};"
    )
    text = re.sub(
        r"server \{\s+server_name line.example.org;\s+access_log off;\s+error_log[^}]*?return 301[^}]*\}", "", text
    )
    (folder / "site.conf").write_text(text, "utf-8")
    places = "".join(
        f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"pid {folder}/pid; error_log {folder}/error.log; daemon off; master_process off; events {{}}"
        f" http {{ {places} include site.conf; }}"
    )
    process = subprocess.Popen(
        [shutil.which("nginx"), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE, text=True
    )
    for _turn in range(50):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.1)
        else:
            return port, process
    raise AssertionError("nginx does not listen")


def posted(port, path, host="line.example.org"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    connection.request(
        "POST",
        path,
        body="CallSid=CA1",
        headers={"Host": host, "Content-Type": "application/x-www-form-urlencoded"},
    )
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, answer.headers.get_content_type(), text


@pytest.fixture(params=["dead", "hung"])
def port(request, tmp_path):
    """The port of nginx before an application that is not there, or that takes requests and answers none."""
    enable_socket()
    hanging = Hanging() if request.param == "hung" else None
    if hanging:
        hanging.start()
    port, process = served(tmp_path, hanging.port if hanging else free_port())
    yield port
    process.terminate()
    process.wait(10)
    if hanging:
        hanging.end()


def test_a_caller_is_put_through_and_a_status_comes_again(port):
    status, kind, document = posted(port, VOICE)

    assert (status, kind) == (200, "text/xml")
    assert [verb.tag for verb in grammar.read(document)] == ["Say", "Dial", "Say", "Say", "Say", "Hangup"]

    status, kind, document = posted(port, f"{VOICE}wait/?t=4", host="elsewhere.example")
    verbs = grammar.read(document)
    assert (status, [verb.tag for verb in verbs]) == (200, ["Say", "Say", "Say", "Pause", "Redirect"])
    assert verbs[-1].text == f"https://line.example.org{VOICE}wait/?t=4"

    status, _kind, _text = posted(port, STATUS)
    assert status in (502, 504)
