import importlib

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "training"
    verbose_name = _("training")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        """Listen to what is published, moved and translated; give the editor forms and previews of what is taught and asked."""
        importlib.import_module("training.receivers")
        forms, models = importlib.import_module("training.forms"), importlib.import_module("training.models")
        models.Curriculum.base_form_class = forms.CurriculumForm  # a model cannot import its form: forms stand above
        models.Course.base_form_class = forms.CourseForm
        models.Lesson.base_form_class = forms.LessonForm
        models.Question.base_form_class = forms.QuestionForm
        models.Scenario.base_form_class = forms.ScenarioForm
        previews = importlib.import_module("training.views.previews")
        models.Course.serve_preview, models.Lesson.serve_preview = previews.course, previews.lesson
        models.Question.serve_preview, models.Scenario.serve_preview = previews.question, previews.scenario
