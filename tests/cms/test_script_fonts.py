"""The typefaces that no package of Python brings are fetched while the packages are installed, where the machine has none."""

import sys

import pytest

from tests.cms.test_script import clone, run

__all__ = ["clone"]

FILES = sorted(
    f"NotoSans{script}-{weight}.ttf" for script in ("Arabic", "Bengali", "Thai") for weight in ("Regular", "Bold")
)
NOT_FETCHED = "The typefaces could not be fetched now; all else works. ./fanal doctor says how to put them in."
STEPS = f"""#!/bin/bash
case "$*" in
  "-m pip "*) echo installed >>pip.log ;;
  "-m languages.catalogues" | "-m cms."* | "manage.py "*) ;;
  *) exec {sys.executable} "$@" ;;
esac
"""


@pytest.fixture
def bare(clone, tmp_path):
    """A clone on a machine without the typefaces, whose apt says at its end whether packages were being installed."""
    script = clone / "fanal"
    script.write_text(script.read_text().replace(" /usr/share/fonts/", " /nowhere/"))
    (clone / ".venv" / "bin" / "python").write_text(STEPS)
    tools = tmp_path / "tools"
    tools.mkdir()
    put = " ".join(f'"$3/usr/share/fonts/truetype/noto/{name}"' for name in FILES)
    made = {
        "apt-get": f'touch fonts-noto-core_1.deb; until [ -e "{clone}/pip.log" ]; do sleep 0.05; done',
        "dpkg": f'mkdir -p "$3/usr/share/fonts/truetype/noto"; touch {put}',
    }
    for name, does in made.items():
        (tools / name).write_text(f"#!/bin/bash\n{does}\n")
        (tools / name).chmod(0o755)
    return clone


def kept(folder):
    return sorted(one.name for one in (folder / ".venv" / "share" / "fonts" / "noto").glob("*"))


def test_they_are_fetched_while_the_packages_are_installed(bare, tmp_path):
    result = run(bare, tmp_path)

    assert (result.returncode, result.stderr) == (0, "")
    assert kept(bare) == FILES
    assert NOT_FETCHED not in result.stdout


def test_a_machine_that_has_them_fetches_nothing(bare, tmp_path):
    run(bare, tmp_path)

    assert "Fetching the typefaces" not in run(bare, tmp_path).stdout


def test_that_they_did_not_come_is_told_once_and_stops_nothing(bare, tmp_path):
    (tmp_path / "tools" / "apt-get").write_text("#!/bin/bash\nexit 100\n")

    result = run(bare, tmp_path)

    assert (result.returncode, result.stderr, kept(bare)) == (0, "", [])
    assert result.stdout.count(NOT_FETCHED) == 1
    assert result.stdout.splitlines()[-1] == "Ready."
