"""The work of scripts/bench, a module for each section.

A section is a function that yields lines; `__main__` lists them.
"""
