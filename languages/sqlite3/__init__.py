"""The SQLite of Django, for statements that are run again and again."""
