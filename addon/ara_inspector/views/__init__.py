"""Entries made readable: text only, no judgement."""
