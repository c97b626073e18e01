"""The translation desk: what is translated, the editor, the review, files in and out, the switches."""
