"""What runs on Node: the packages of tests/node/package.json, and a mock of the provider's REST interface."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

SPECS = "@twilio/cli-core/src/services/twilio-api"
ASKED = (
    "twilio_api_v2010.json",
    "twilio_voice_v1.json",
)  # at api.twilio.com and voice.twilio.com; no address is in both
FORM = "application/x-www-form-urlencoded"
START_SECONDS = 60


def pytest_collection_modifyitems(items):
    """Whatever stands in this folder runs on Node and reaches this machine only."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.node)
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session")
def packages() -> Path:
    """Return the folder of the installed packages."""
    folder = Path(os.environ.get("FANAL_NODE") or settings.BASE_DIR / ".venv/share/node") / "node_modules"
    if not shutil.which("node") or not folder.is_dir():
        pytest.skip("Node or its packages are missing: ./fanal test --node installs them")
    return folder


@pytest.fixture(scope="session")
def spec(packages) -> dict:
    """Return the provider's descriptions of what we ask, as one, with one gap closed.

    Lists in forms have no encoding there, though the provider wants the name repeated.
    """
    body, *others = (json.loads((packages / SPECS / name).read_text()) for name in ASKED)
    for other in others:
        assert not set(other["paths"]) & set(body["paths"])
        body["paths"] |= other["paths"]
        body["components"]["schemas"] |= other["components"]["schemas"]
    for path in body["paths"].values():
        for operation in path.values():
            form = (
                operation.get("requestBody", {}).get("content", {}).get(FORM) if isinstance(operation, dict) else None
            )
            if form:
                _repeat_names(form)
    return body


def _repeat_names(form: dict) -> None:
    lists = [name for name, one in form["schema"].get("properties", {}).items() if one.get("type") == "array"]
    if lists:
        form["encoding"] = {name: {"style": "form", "explode": True} for name in lists}


@pytest.fixture(scope="session")
def prism(packages, spec, tmp_path_factory) -> int:
    """Serve a mock of the interface on this machine; return its port."""
    folder = tmp_path_factory.mktemp("prism")
    (folder / "api.json").write_text(json.dumps(spec))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [shutil.which("node"), packages / "@stoplight/prism-cli/dist/index.js"]
    with (folder / "said").open("w") as said, subprocess.Popen(
        [*program, "mock", "--host", "127.0.0.1", "--port", str(port), folder / "api.json"], stdout=said, stderr=said
    ) as server:  # fmt: skip
        try:
            _wait_for(port, server, folder / "said")
            yield port
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen, said: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The mock did not start: {said.read_text()[-2000:]}")
