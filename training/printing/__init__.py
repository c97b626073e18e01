"""What a printed sheet says: from a view's values to the values that its drawing takes, worded in a language."""

from training.printing.aide import aide_sheet
from training.printing.attendance import attendance_sheet
from training.printing.badge import badge_picture
from training.printing.certificate import certificate_sheet, verify_address
from training.printing.stories import story_cards, story_debrief

__all__ = [
    "aide_sheet",
    "attendance_sheet",
    "badge_picture",
    "certificate_sheet",
    "story_cards",
    "story_debrief",
    "verify_address",
]
