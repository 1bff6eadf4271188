"""From a report back to the registrations that caused it.

May live here: the names other stages use. `explain` says what one report goes back to, `Memory`
remembers the registrations of a session for it.
"""

from ara_inspector.reports.links.explain import explain
from ara_inspector.reports.links.memory import Memory
from ara_inspector.reports.links.values import (
    BucketLink,
    Explanation,
    Known,
    Link,
    Proof,
    ProofOutcome,
    Proven,
    Role,
)

__all__ = [
    "BucketLink",
    "Explanation",
    "Known",
    "Link",
    "Memory",
    "Proof",
    "ProofOutcome",
    "Proven",
    "Role",
    "explain",
]
