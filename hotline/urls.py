"""Addresses of this room: `urlpatterns` under the language prefix, `plain_patterns` at the root."""

app_name = "hotline"
urlpatterns = []
plain_patterns = []
