"""What the school says of a learner by a choice (how she stands, why something was refused) is said in her language."""

import pytest
from django.utils import translation

from training import choices

PARTLY = ("mg", "ny", "rw", "wo")  # the languages of which the staff's words are not translated yet
READ = (
    choices.CertificateKind, choices.CertificateState, choices.Outcome, choices.Reason, choices.Stage, choices.Track,
    choices.AllowReason, choices.VoidTestReason, choices.WaiveReason, choices.WithdrawalReason,
)  # fmt: skip


@pytest.mark.parametrize("code", PARTLY)
@pytest.mark.parametrize("read", READ, ids=lambda one: one.__name__)
def test_no_label_that_a_learner_reads_is_left_in_english(read, code):
    with translation.override("en"):
        english = {value: str(label) for value, label in read.choices}
    with translation.override(code):
        left = [value for value, label in read.choices if str(label) == english[value]]

    assert left == []
