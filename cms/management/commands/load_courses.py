"""`manage.py load_courses`: the course folders of the repository become pages, questions and translations."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from wagtail.models import Site

from training import actions
from training.exchange import BadCourse


class Command(BaseCommand):
    """Load every course folder below the site's front page; what people edited here stays as they have it."""

    help = __doc__

    def handle(self, *args, **options):
        """Find the front page and load."""
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if site is None:
            raise CommandError("There is no default site yet. Create the front page in the editor first.")
        try:
            news, front = actions.News(), site.root_page.specific
            loaded = actions.load_courses(parent=front, by="load_courses", at=timezone.now(), news=news)
        except BadCourse as error:
            raise CommandError(str(error)) from error
        for course in loaded:
            self.stdout.write(f"{course.key}: loaded")
        for word, rows in (("made", news.made), ("LEFT", news.left)):
            for row in rows:
                self.stdout.write(f"{word}  {row}")
