"""Captures judged as a whole: for a pipeline, a test, a comparison with an earlier run.

May live here: going through a capture, deciding whether it passes, and what it is held against.
Nothing about an exchange is judged here: that is done, and shown by `views`.
"""
