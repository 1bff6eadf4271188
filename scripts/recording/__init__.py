"""Recording real Chrome traffic: everything `scripts/record-fixtures` is made of.

Nothing of the product lives here and the product imports none of it. Besides the product's own
dependencies it uses what mitmproxy brings along (tornado's WebSocket client, brotli).
"""
