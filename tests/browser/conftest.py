"""The product as a newcomer runs it (./fanal demo on a free port), and Chromium with axe to walk through it."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright
from pytest_socket import enable_socket

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 300
ROOM = 1 << 30  # bytes; the demo takes forty million
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
]  # fmt: skip
# Every rule is tried on every element; only of what fails are the places worked out and sent here.
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]},
    "resultTypes": ["violations"],
}
FOUND = """async (rules) => (await axe.run(rules)).violations
  .map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.target)])"""

# With FANAL_SLOW=1 htmx settles late and what scripts ask for is sent late: what a journey reads before it has come, which a
# fast machine shows once in a hundred runs, is then read too early each time.
SLOW = os.environ.get("FANAL_SLOW") == "1"
LATE = """(() => {
  const LATER = 250;
  document.addEventListener("DOMContentLoaded", () => { if (window.htmx) window.htmx.config.defaultSettleDelay = LATER; });
  const { fetch } = window;
  window.fetch = async (...asked) => {
    await new Promise((go) => window.setTimeout(go, LATER));
    return fetch(...asked);
  };
  const { send, abort } = XMLHttpRequest.prototype;
  const held = new WeakMap();
  XMLHttpRequest.prototype.send = function (...sent) {
    held.set(this, window.setTimeout(() => { held.delete(this); send.apply(this, sent); }, LATER));
  };
  XMLHttpRequest.prototype.abort = function () {
    window.clearTimeout(held.get(this));
    abort.call(this);
    if (held.delete(this)) for (const told of ["abort", "loadend"]) this.dispatchEvent(new ProgressEvent(told));
  };
})()"""

HAND = """
import json, sys, traceback
import django
answers, sys.stdout = sys.stdout, sys.stderr
django.setup()
from django.core.cache import cache
from django.db import connection
names = {}  # what one order named, the next one may use
for line in sys.stdin:
    cache.clear()
    wrong = ""
    try:
        exec(json.loads(line), names)
    except Exception:
        wrong = traceback.format_exc()
    connection.close()
    print(json.dumps(wrong), file=answers, flush=True)
"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Show beside a failure where each window stood, and what the demo last warned of."""
    report = yield
    if report.failed and "demo_served" in item.funcargs:
        report.sections.append(("the demo's log", _warned(Path(item.funcargs["demo_served"][1]["FANAL_VAR"]))))
        report.sections += [("a window", _stands(page)) for page in getattr(item.funcargs.get("visit"), "pages", [])]
    return report


def _warned(folder: Path) -> str:
    """Return the last warnings and errors of the demo's log."""
    log = folder / "demo.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []  # gone once the last test is over
    signs = (" WARNING ", " ERROR ", "Error", "locked")
    return "\n".join([line[:300] for line in lines if any(sign in line for sign in signs)][-15:])


def _stands(page) -> str:
    """Return the address of a window and the beginning of what stands in it."""
    try:
        return f"{page.url}\n{page.locator('body').inner_text(timeout=2000)[:700]}"
    except PlaywrightError as error:
        return f"{page.url}\n{error}"


def _roomy_memory() -> str | None:
    """Return a folder in memory where one has room for the demo: beside PostgreSQL's suite a disk may stall for seconds."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder of our own is made in it
    return str(memory) if memory.is_dir() and shutil.disk_usage(memory).free > ROOM else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, process: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail("./fanal demo ended before it served.")
        try:
            with urllib.request.urlopen(f"{address}/livez", timeout=2):  # noqa: S310 -- a loopback address of ours
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    pytest.fail("./fanal demo did not serve in time.")


@pytest.fixture(scope="session")
def demo_served():
    """Serve the demo from an empty data folder; yield its address and the environment in which it runs."""
    enable_socket()
    folder, port = tempfile.mkdtemp(prefix="fanal-browser-", dir=_roomy_memory()), _free_port()
    keep = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "FANAL_PUBLIC_URL")
    }
    environment = keep | {"PORT": str(port), "FANAL_VAR": folder, "FANAL_DEMO": "1"}
    with (Path(folder) / "demo.log").open("w") as log:
        process = subprocess.Popen(
            [str(ROOT / "fanal"), "demo"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_for(address, process)
            yield address, environment
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def demo_site(demo_served):
    """The address of the served demo."""
    return demo_served[0]


@pytest.fixture(scope="session")
def hand(demo_served):
    """A process beside the demo that does what it is told in the demo's database, one thing after the other.

    One for all tests: to start the house anew costs several seconds each time.
    """
    environment = {"DJANGO_SETTINGS_MODULE": "cms.settings.dev"} | demo_served[1]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HAND], cwd=ROOT, env=environment, **pipes) as process:

        def tell(words):
            process.stdin.write(json.dumps(words) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == ""

        yield tell
        process.stdin.close()


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium."""
    enable_socket()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=os.environ.get("FANAL_CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, demo_site):
    """Open a new window: visit(width=360, script=True) -> page; failures of a page's own script fail the test."""
    contexts, pages, faults = [], [], []

    def enter(width=1280, *, script=True, **options):
        context = chromium.new_context(
            base_url=demo_site, viewport={"width": width, "height": 800}, java_script_enabled=script, **options
        )
        contexts.append(context)
        if SLOW:
            context.add_init_script(LATE)
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    enter.pages = pages
    yield enter
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def sign_in_as(visit, demo_site):
    """Sign in as a demo person: sign_in_as("operator.lr@example.org", "/en/console/") -> page.

    By the request that the button of the demo's people sends, and no page is drawn for it: the button itself is pressed
    where signing in is a part of the journey.
    """

    def enter(email, url, width=1280, **options):
        page = visit(width, **options)
        token = secrets.token_hex(16)  # of a form of ours: its cookie and its field say the same
        page.context.add_cookies([{"name": "csrftoken", "value": token, "url": demo_site}])
        form = {"csrfmiddlewaretoken": token, "person": email}
        answer = page.context.request.post("/en/demo/people/", form=form, max_redirects=0)
        assert answer.status == 302, answer.text()[:300]
        page.goto(url)
        return page

    return enter


# Cells that are laid out as something else slide under the head of another column; axe sees nothing of it. Wagtail's own
# list of keyboard shortcuts, in its dialog, has heads of groups that are laid out as blocks and stand over one column.
LOOSE_CELLS = """() => {
  const is = (thing, display) => getComputedStyle(thing).display === display;
  const isWagtails = (row) => row.closest("#keyboard-shortcuts-dialog");
  return [...document.querySelectorAll("tr")].filter((row) => is(row, "table-row") && !isWagtails(row))
    .flatMap((row) => [...row.cells]).filter((cell) => !is(cell, "table-cell") && !is(cell, "none"))
    .map((cell) => cell.outerHTML.slice(0, 120));
}"""


@pytest.fixture(scope="session")
def assert_accessible():
    """Fail when axe finds anything on the page, or a cell of a table stands in no column of it."""
    source = Axe().axe_script

    def check(page):
        assert page.evaluate(LOOSE_CELLS) == []
        if not page.evaluate("!!window.axe"):
            page.evaluate(source)
        assert page.evaluate(FOUND, RULES) == []

    return check
