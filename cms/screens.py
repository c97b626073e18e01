"""The six main screens as pictures, taken by walking the demo in Chromium (`./fanal screens`)."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

TARGET = Path(settings.BASE_DIR) / "docs" / "screens"
START_SECONDS = 120
LESSON = "judicial/what-must-be-proved/what-must-be-proved/three-elements/"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


class DemoDidNotStart(RuntimeError):
    """Raised when the demo did not answer in time; run ./fanal demo by hand and read what it prints."""


@dataclass(frozen=True)
class Screen:
    """One picture: file name, address, width, and whom to be ("" = a visitor)."""

    name: str
    path: str
    width: int
    who: str = ""


SCREENS = (
    Screen("home-360", "/en/liberia/", 360),
    Screen("lesson-1280", f"/fr/{LESSON}", 1280, "learner4.tn@example.org"),
    Screen("lesson-ar-360", f"/ar/{LESSON}", 360, "learner4.tn@example.org"),
    Screen("console-1280", "/en/console/", 1280, "operator.lr@example.org"),
    Screen("completion-1280", "/en/reports/completion/", 1280, "manager.lr@example.org"),
    Screen("case-1280", "/en/cases/", 1280, "operator.lr@example.org"),
)


@contextmanager
def _demo():
    """Serve a demo from an empty folder; yield its address."""
    folder = tempfile.mkdtemp(prefix="fanal-screens-")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    keep = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "FANAL_PUBLIC_URL")}
    environment = keep | {"PORT": str(port), "FANAL_VAR": folder, "DJANGO_SETTINGS_MODULE": "cms.settings.dev"}
    process = subprocess.Popen(  # noqa: S603 -- our own script
        [str(settings.BASE_DIR / "fanal"), "demo"],
        env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/livez", timeout=2):  # noqa: S310 -- a loopback address of ours
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise DemoDidNotStart("The demo did not answer within two minutes.")


def _take(browser, address: str, screen: Screen) -> Path:
    page = browser.new_page(base_url=address, viewport={"width": screen.width, "height": 900})
    if screen.who:
        page.goto("/en/demo/people/")
        for folded in page.locator("main details > summary").all():
            folded.click()
        with page.expect_navigation():
            page.locator("li", has=page.get_by_text(screen.who, exact=True)).get_by_role("button").click()
    page.goto(screen.path)
    if screen.name.startswith("case"):
        with page.expect_navigation():
            page.locator("main table a").nth(2).click()
    if screen.name.startswith("console"):
        page.locator("#queue").get_by_role("button", name="Take the call").first.click()  # waits until somebody calls
        page.locator("#sheet .say").wait_for()
    page.wait_for_timeout(500)
    path = TARGET / f"{screen.name}.png"
    page.screenshot(
        path=str(path),
        clip={"x": 0, "y": 0, "width": screen.width, "height": 900 if screen.width > 400 else 1200},
        full_page=True,
    )
    page.close()
    return path


def take() -> list[Path]:
    """Take every screen; return the files written."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- a test tool, not in the product

    TARGET.mkdir(parents=True, exist_ok=True)
    with _demo() as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ["FANAL_CHROMIUM"], args=ARGUMENTS)
        try:
            return [_take(browser, address, screen) for screen in SCREENS]
        finally:
            browser.close()
