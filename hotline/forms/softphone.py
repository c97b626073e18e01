"""The form by which a browser tells what its trial as a telephone measured."""

from django import forms

from hotline import softphone
from hotline.choices import TrialResult

PROBLEMS = (TrialResult.NO_MICROPHONE, TrialResult.NOT_ALLOWED, TrialResult.NO_CONNECTION)
MOST = 60_000


class TrialForm(forms.Form):
    """What went wrong, or the measures of one trial call."""

    problem = forms.ChoiceField(choices=[(one, one) for one in PROBLEMS], required=False)
    packets = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    delay = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    jitter = forms.IntegerField(min_value=0, max_value=MOST, required=False)
    lost = forms.IntegerField(min_value=0, max_value=1000, required=False)

    def trial(self) -> softphone.Trial:
        """Return what was measured; what is not told counts as nothing."""
        data = self.cleaned_data
        numbers = {name: data[name] or 0 for name in ("packets", "delay", "jitter", "lost")}
        return softphone.Trial(problem=data["problem"], **numbers)
