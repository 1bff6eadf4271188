"""One capture or one live run: every exchange goes through all stages, in order.

May live here: the names other modules use. `driving` takes the exchanges through the stages,
`flows` remembers what may still be revised, `ledger` writes the timeline, `browsers` counts what
each browser did, `limits` and `summary` hold the values.
"""

from ara_inspector.session.driving import Session
from ara_inspector.session.flows import Stage
from ara_inspector.session.limits import DEFAULT_LIMITS, Limits
from ara_inspector.session.summary import Summary

__all__ = ["DEFAULT_LIMITS", "Limits", "Session", "Stage", "Summary"]
