"""Redirect chains and user actions: which requests belong together, and who registers in them.

May live here: the names other stages use. `joining` follows redirects, `preludes` keeps those
that may turn out to matter, `cards` tells a chain, `actions` groups the requests of one click,
`landings` knows pages that move on by themselves, `reading_again` navigations that come to
nothing, `reporters` compares reporting origins across flows.
"""

from ara_inspector.chains.actions import Action, ActionCard, Actions, action_card, scopes_conflict
from ara_inspector.chains.cards import ChainCard, Hop, Registered, SilentHop, chain_card, silent_hop
from ara_inspector.chains.joining import Chain, Chains, HopState
from ara_inspector.chains.landings import Landings
from ara_inspector.chains.preludes import Preludes
from ara_inspector.chains.reading_again import Again, read_again
from ara_inspector.chains.reporters import COMPARISONS, Reporters

__all__ = [
    "COMPARISONS",
    "Action",
    "ActionCard",
    "Actions",
    "Again",
    "Chain",
    "ChainCard",
    "Chains",
    "Hop",
    "HopState",
    "Landings",
    "Preludes",
    "Registered",
    "Reporters",
    "SilentHop",
    "action_card",
    "chain_card",
    "read_again",
    "scopes_conflict",
    "silent_hop",
]
