"""What `./fanal` says when it cannot begin: one line that tells what to do, and nothing made or changed."""

import os
import subprocess

import pytest
from django.conf import settings


def fanal(verb, tmp_path, **environment):
    """Run the script with an empty folder for data; return the exit code and what it said."""
    result = subprocess.run(
        [settings.BASE_DIR / "fanal", verb],
        env={"PATH": os.environ["PATH"], "FANAL_VAR": str(tmp_path / "var")} | environment,
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80 80", "8000.5", "99999999999999999999"])
@pytest.mark.parametrize("verb", ["demo", "serve"])
def test_port_that_is_none_is_told_in_one_line(tmp_path, verb, port):
    code, out, words = fanal(verb, tmp_path, PORT=port)

    assert (code, out) == (1, "")
    assert words == (
        f"fanal: PORT must be a number from 1 to 65535, not '{port}'; for example: PORT=8001 ./fanal demo\n"
    )
    assert not (tmp_path / "var").exists()
