"""A profile keeps its bounds in all it holds."""

from __future__ import annotations

from ara_inspector.attribution.storing import process_attribution_source
from ara_inspector.session.limits import Limits
from ara_inspector.session.profiles import Profile
from profiles import source_registration


def test_of_a_source_that_is_dropped_no_record_stays() -> None:
    profile = Profile("a browser", Limits())
    for number in range(4):
        registration = source_registration(number, destination=f"https://shop{number}.example")
        last = process_attribution_source(profile.storage, registration).stored
    assert last is not None
    unexpired = profile.storage.rate_limits.unexpired(last)
    assert len(unexpired) == 4
    profile.drop_oldest(3)
    assert list(profile.storage.sources()) == [last]
    assert len(unexpired) == 1
    assert unexpired.union(()) == 1
