"""What a course is made of, block by block, as the editor offers it."""

from training.blocks.checks import CHECK_TYPES, CHECKS, PRACTICE_ONLY
from training.blocks.copied import renewed
from training.blocks.nodes import NODES
from training.blocks.screens import PLAYED, SCREENS, AudioScreen, ImageScreen, VideoScreen
from training.blocks.sheets import AIDE, GLOSSARY

__all__ = [
    "AIDE", "CHECKS", "CHECK_TYPES", "GLOSSARY", "NODES", "PLAYED", "PRACTICE_ONLY", "SCREENS", "AudioScreen",
    "ImageScreen", "VideoScreen", "renewed",
]  # fmt: skip
