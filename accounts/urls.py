"""Addresses of this room: `urlpatterns` under the language prefix, `plain_patterns` at the root."""

app_name = "accounts"
urlpatterns = []
plain_patterns = []
