"""What `mitmdump -s "$(ara-inspector script)"` loads from an installed package.

May live here: the `addons` list that mitmproxy looks for, nothing else.
"""

from ara_inspector.addon import AttributionInspector

addons = [AttributionInspector()]
