"""For `mitmdump -s`, after the addon: its session as a JSON document, once it is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mitmproxy import ctx

from ara_inspector.addon import AttributionInspector
from ara_inspector.views.document import document

if TYPE_CHECKING:
    from mitmproxy.addonmanager import Loader


class Documenting:
    """Writes the document to the path in `document_to`."""

    def load(self, loader: Loader) -> None:
        """Declare the option."""
        loader.add_option("document_to", str, "", "Where to write.")

    def done(self) -> None:
        """The inspector was loaded before this, so it has finished by now."""
        script = ctx.master.addons.get(AttributionInspector.name)
        made = document(script.inspector.session)
        Path(ctx.options.document_to).write_text(json.dumps(made), "utf-8")


addons = [Documenting()]
