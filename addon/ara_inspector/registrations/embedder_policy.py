"""What a document's Cross-Origin-Embedder-Policy asks of the answers to its requests.

May live here: reading the one value that keeps answers from registering, `require-corp`. Its
report-only variant and `credentialless` change nothing for the API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import http_sf

from ara_inspector.findings import Finding
from ara_inspector.spec.structured import read_list

if TYPE_CHECKING:
    from collections.abc import Iterable


def requires_corp(lines: Iterable[str]) -> bool:
    """Whether other origins' answers need a Cross-Origin-Resource-Policy to get through.

    The header is a single item: two lines, or a string in place of the token, are no policy.
    """
    members = read_list(", ".join(lines))
    if isinstance(members, Finding) or len(members) != 1:
        return False
    value = members[0].value
    return isinstance(value, http_sf.Token) and str(value) == "require-corp"
