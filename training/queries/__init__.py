"""Reads of the school."""

from training.queries.tree import activity_of, belongs_to_school, courses_of, page_at, test_of

__all__ = ["activity_of", "belongs_to_school", "courses_of", "page_at", "test_of"]
