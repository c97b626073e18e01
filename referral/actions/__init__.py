"""Writes of the map. Each is one transaction and records itself."""
