from __future__ import annotations

import pytest

from ara_inspector.spec.effective import SourceType
from ara_inspector.spec.headers import HeaderKind, read_header


def test_each_kind_has_its_header() -> None:
    names = {kind.header.lower() for kind in HeaderKind}
    assert len(names) == len(HeaderKind)
    assert all(name.startswith("attribution-reporting-") for name in names)


def test_only_sources_have_a_source_type() -> None:
    with pytest.raises(ValueError, match="source type"):
        read_header(HeaderKind.TRIGGER, "{}", SourceType.EVENT)
    with pytest.raises(ValueError, match="source type"):
        read_header(HeaderKind.SOURCE, "{}", None)
