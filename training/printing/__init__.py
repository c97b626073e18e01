"""What a printed sheet says: from a view's values to the values that its drawing takes, worded in a language."""

from training.printing.aide import aide_sheet

__all__ = ["aide_sheet"]
