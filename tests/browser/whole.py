"""`python -m tests.browser.whole FOLDER` puts a small course that has everything into the database of the environment.

Called once more with "change" in place of the folder, its first lesson changes in what it teaches.


Three lessons, one of them for officials only, in a module of its own, and the first with a sound, a film and a file, a practice question in each, a
story, and papers of all three forms.
"""

import sys
from pathlib import Path

import django


def load(folder: Path) -> None:
    """Write the folder of the course, load it below the front page, and publish its story."""
    from django.utils import timezone  # noqa: PLC0415 -- after the setup
    from wagtail.models import Site  # noqa: PLC0415

    from tests.training.folders import COURSE, small_course  # noqa: PLC0415
    from tests.training.played import played  # noqa: PLC0415
    from tests.training.stories import publish  # noqa: PLC0415
    from training import actions  # noqa: PLC0415
    from training.models import Lesson  # noqa: PLC0415

    front = Site.objects.get(is_default_site=True).root_page.specific
    apart = '"two"]\n\n[[modules]]\nkey = "m2"\nslug = "m2"\nheading = "For officials"\nlessons = ["three"]'
    folder = small_course(folder, course=COURSE.replace('"two", "three"]', apart))
    course = actions.load_course(folder, front, by="test", at=timezone.now())
    played(Lesson.objects.filter(path__startswith=course.path).order_by("path").first())
    publish(course)


def change() -> None:
    """Publish a material change of the first lesson."""
    from training.models import Lesson  # noqa: PLC0415

    lesson = Lesson.objects.filter(url_path__contains="/small/m1/").order_by("path").first()
    lesson.aim_en, lesson.change = f"{lesson.aim_en} And what is new.", "material"
    lesson.save_revision().publish()


if __name__ == "__main__":
    django.setup()
    change() if sys.argv[1] == "change" else load(Path(sys.argv[1]))
