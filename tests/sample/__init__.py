"""A tiny room of its own, so that the translation tests depend on no other room's models."""
