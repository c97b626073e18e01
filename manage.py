#!/usr/bin/env python
"""Run Fanal's management commands."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    if sys.argv[1:2] in (["migrate"], ["prepare_demo"]):
        gc.set_threshold(100_000, 20, 20)  # nearly all that migrations make stays: looking through it costs a fifth
    execute_from_command_line(sys.argv)
