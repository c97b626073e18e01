"""Screens of the hotline: console, call log, roster, on-screen phone."""
