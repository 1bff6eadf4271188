"""What the browser stores, matches, limits and reports, one module per algorithm family.

Everything here is a function of what it is given: times are integers in microseconds since
the epoch and come from the caller, in order; `storage.AttributionStorage` holds all state.
"""
