"""Twilio's script for calls in the browser, put where our own pages find it. Nothing of it is in the repository.

`python -m cms.voice_sdk <folder of packages> <folder of assets>`, which `./fanal setup` runs. The package is fetched by
npm under its name and version, or laid into the folder of packages by hand where there is no npm or no network; its bytes
must be those that npm's registry names (docs/decisions/0021-the-telephone-in-the-browser.md).
"""

import base64
import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

NAME, VERSION = "@twilio/voice-sdk", "2.18.5"
PACKAGE = "twilio-voice-sdk-2.18.5.tgz"
# As `npm view @twilio/voice-sdk@2.18.5 dist.integrity` says.
INTEGRITY = "sha512-2/tw1IDAIn7j6yFDOln8p93v3aHIxNIN93JwL98cHIlbkSNeU/Jt9zGM/0TvDpNjo+k88lvAew4jgOjKlc9/KA=="
FILES = {"package/dist/twilio.min.js": "twilio-voice-2.18.5.min.js", "package/LICENSE.md": "twilio-voice-LICENSE.txt"}
SECONDS = 60


def is_genuine(content: bytes) -> bool:
    """Tell whether these are the bytes of the package."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}" == INTEGRITY


def fetched(folder: Path) -> str:
    """Fetch the package by npm into a folder; return what went wrong, or ""."""
    npm = shutil.which("npm")
    if npm is None:
        return f"npm is not here (apt install npm); or lay {PACKAGE} into {folder}"
    folder.mkdir(parents=True, exist_ok=True)
    order = [npm, "pack", f"{NAME}@{VERSION}", "--pack-destination", str(folder), "--ignore-scripts", "--silent"]
    try:
        done = subprocess.run(order, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 -- fixed words
    except (OSError, subprocess.TimeoutExpired):
        return "npm did not answer"
    return "" if done.returncode == 0 else f"npm could not fetch {NAME} {VERSION}; is its registry within reach?"


def put(package: bytes, assets: Path) -> None:
    """Lay the script and its licence out of a package into a folder of assets."""
    assets.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fileobj=io.BytesIO(package), mode="r:gz") as archive:
        for name, there in FILES.items():
            part = archive.extractfile(name)
            (assets / there).write_bytes(part.read() if part else b"")


def settle(folder: Path, assets: Path) -> str:
    """Bring the script to its place; return what went wrong, or ""."""
    package = folder / PACKAGE
    if not package.exists() and (wrong := fetched(folder)):
        return wrong
    content = package.read_bytes() if package.exists() else b""
    if not is_genuine(content):
        package.unlink(missing_ok=True)
        return f"{PACKAGE} was not what npm's registry names, and was deleted"
    put(content, assets)
    return ""


if __name__ == "__main__":
    if wrong := settle(Path(sys.argv[1]), Path(sys.argv[2])):
        sys.stdout.write(
            f"The telephone in the browser is not installed: {wrong}. Operators use their own telephones.\n"
        )
