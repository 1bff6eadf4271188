// The menu of files that can be had: from an address, or made when asked for.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const LINGER = 60000;

  const give = (name, blob) => {
    const made = URL.createObjectURL(blob);
    const anchor = el("a", "");
    anchor.href = made;
    anchor.download = name;
    anchor.click();
    // A download reads what it saves a moment later.
    setTimeout(() => URL.revokeObjectURL(made), LINGER);
  };

  class Exports {
    // `page` tells what is shown; `source` of it has the files.
    constructor(menu, sheet, page) {
      Object.assign(this, { menu, sheet, page });
      menu.addEventListener("toggle", () => this.draw());
      document.addEventListener("click", (event) => {
        if (!menu.contains(event.target) || sheet.contains(event.target)) menu.open = false;
      });
      // Before the page's own keys: Escape closes what is on top.
      const onEscape = (event) => {
        if (event.key !== "Escape" || !menu.open) return;
        event.stopPropagation();
        menu.open = false;
        menu.querySelector("summary").focus();
      };
      document.addEventListener("keydown", onEscape, true);
    }

    // Drawn when it is opened, and emptied when closed: it tells how many entries each file has.
    draw() {
      const parts = (this.menu.open && this.page.source?.exports(this.page)) || [];
      this.sheet.replaceChildren(
        ...parts.flatMap(({ title, files }) => [el("b", "muted", title), ...files.map((file) => this.anchor(file))]),
      );
    }

    anchor({ label, name, address = "#", make }) {
      const { menu, page } = this;
      const anchor = el("a", "", label);
      anchor.href = address;
      anchor.download = name;
      anchor.addEventListener("click", (event) => {
        menu.open = false;
        if (make || page.offline) event.preventDefault();
        if (make) make().then((blob) => give(name, blob), () => page.notice("missing", page.source.missing));
      });
      return anchor;
    }
  }

  Ara.Exports = Exports;
})();
