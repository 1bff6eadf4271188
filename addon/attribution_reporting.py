"""Load the inspector from a clone: `mitmdump -s addon/attribution_reporting.py`."""

from ara_inspector.addon import AttributionInspector

inspector = AttributionInspector()
inspector.become(globals())
