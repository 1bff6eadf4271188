"""What `mitmdump -s "$(ara-inspector script)"` loads from an installed package.

May live here: the hooks that mitmproxy looks for, nothing else.
"""

from ara_inspector.addon import AttributionInspector

inspector = AttributionInspector()
inspector.become(globals())
