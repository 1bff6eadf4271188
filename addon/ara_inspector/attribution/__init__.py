"""What the browser stores, matches, limits and reports, one module per algorithm family."""
