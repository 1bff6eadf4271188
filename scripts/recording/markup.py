"""Elements of the invented pages that ask other hosts for something.

May live here: markup that more than one module of scenarios has.
"""

from __future__ import annotations


def image(place: str) -> str:
    """An image whose own answer may register."""
    return f'<img attributionsrc src="https://{place}">'


def background(place: str) -> str:
    """An image with nothing but a background request."""
    return f'<img attributionsrc="https://{place}">'


def plain(place: str) -> str:
    """An image that asks for nothing of the API."""
    return f'<img src="https://{place}">'
