"""The school's screens."""
