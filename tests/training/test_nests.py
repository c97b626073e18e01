"""A sending or a file that is one deep nest is told to be no such thing, by each of the four ways in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.training.cohorts import cohort, trainer

__all__ = ["cohort", "trainer"]
DEPTHS = [12, 13, 500, 3000, 9000, 20_000]


def nest(depth, begins, ends):
    return (begins * depth + ends * depth).encode()


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize(("begins", "ends"), [("[", "]"), ('{"a":[', "]}")])
def test_a_nest_is_400_to_a_phone(client, sign_in, trainer, begins, ends, depth):
    sign_in(trainer)
    for address in ("/api/progress/", "/api/attendance/"):
        answer = client.post(address, nest(depth, begins, ends), content_type="application/json")

        assert (answer.status_code, answer["Content-Type"]) == (400, "application/json")
        assert answer.json()["detail"] in {"json", "envelope"}


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_nest_is_no_file_of_a_phone(client, sign_in, trainer, cohort, depth):
    sign_in(trainer)
    for address in ("/en/reports/from-a-phone/", f"/en/groups/{cohort.public_id}/marks/"):
        answer = client.post(address, {"file": SimpleUploadedFile("kept.json", nest(depth, "[", "]"))})

        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == ["file"]
