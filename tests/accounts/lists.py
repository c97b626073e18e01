"""Lists of officials as files: two good rows, what a reading of them knows, and how a file is brought in."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import officials

HEADER = "name,e-mail,office,country,language\n"
GOOD = "N1,one@office.example,Court A (example),LR,en\nN2,two@office.example,Court A (example),Liberia,fr\n"
KNOWN = officials.Known(
    countries={"lr": "LR", "liberia": "LR", "ht": "HT"},
    offices={("LR", "court a (example)"): 1, ("HT", "poste b"): 2},
    addresses=frozenset({"known@office.example"}),
)


def read(rows, header=HEADER, encoding="utf-8", known=KNOWN):
    """Read rows under a header, as a file in an encoding."""
    return officials.read((header + rows).encode(encoding), known)


def upload(client, rows=GOOD, header=HEADER):
    """Bring a file in; the answer is the report of the dry run."""
    file = SimpleUploadedFile("officials.csv", (header + rows).encode(), content_type="text/csv")
    return client.post(reverse("accounts:import_officials"), {"file": file}, follow=True)
