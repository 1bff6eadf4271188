// What the right side is built of, whatever it shows: sections, facts, tables, blocks of text.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const TEXT_SHOWN = 20000;

  Ara.TEXT_SHOWN = TEXT_SHOWN;

  Ara.section = (title, ...children) => el("section", "part", el("h3", "", title), ...children);

  Ara.facts = (pairs) => {
    const list = el("dl", "facts-list");
    for (const [name, value] of pairs) {
      if (value === null || value === undefined || value === "") continue;
      const shown = value instanceof Node ? value : Ara.printable(value);
      list.append(el("div", "", el("dt", "", name), el("dd", "", shown)));
    }
    return list;
  };

  Ara.table = (title, head, rows) => {
    if (!rows.length) return null;
    const body = el("tbody", "", ...rows.map((cells) => el("tr", "", ...cells.map((cell) => el("td", "", cell)))));
    const heads = head.map((cell) => el(cell ? "th" : "td", "", cell));
    return Ara.section(title, el("div", "scroll", el("table", "", el("thead", "", el("tr", "", ...heads)), body)));
  };

  // Long text is cut in the page, never in what is copied.
  Ara.block = (text, className = "") => {
    const pre = el("pre", className);
    pre.tabIndex = 0;
    const fill = (whole) => {
      const cut = !whole && text.length > TEXT_SHOWN;
      pre.replaceChildren(Ara.printable(cut ? text.slice(0, TEXT_SHOWN) : text, { lines: true }));
      if (cut) {
        const label = `… show all ${text.length.toLocaleString("en")} characters`;
        pre.append(Ara.button(label, "jump", () => fill(true)));
      }
    };
    fill(false);
    return pre;
  };

  const copy = (text) => {
    const button = Ara.button("Copy", "small", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        button.textContent = "Not allowed";
      }
      setTimeout(() => (button.textContent = "Copy"), 1200);
    });
    return button;
  };

  // A text under its title, with a button that copies it.
  Ara.side = (title, note, text, pre) =>
    el("figure", "side", el("figcaption", "", el("b", "", title), note && el("span", "muted", note), copy(text)), pre);

  Ara.browserFacts = (browser) =>
    Ara.facts([
      ["Browser", `${browser.name} ${browser.version ?? ""}`],
      ["API", browser.sentence],
      ["Ground", `${browser.certainty}: ${browser.ground}`],
      ["Support header", browser.support],
      ["Eligible", Ara.plural(browser.eligible_seen, "request")],
    ]);

  // Puts new content into `box` in such a way that who reads or works in it is not thrown out:
  // what was unfolded stays so, and the focus goes to what is now in the place of its element.
  const FOCUSABLE = "a, button, summary, pre";
  const nameOf = (element) => `${element.localName} ${element.textContent.slice(0, 200)}`;
  Ara.exchange = (box, content) => {
    const open = new Set([...box.querySelectorAll("details[open]")].map((details) => details.dataset.keep));
    const focused = box.contains(document.activeElement) && document.activeElement !== box ? document.activeElement : null;
    const name = focused && nameOf(focused);
    const before = focused && [...box.querySelectorAll(FOCUSABLE)].filter((other) => nameOf(other) === name);
    const turn = before ? before.indexOf(focused) : 0;
    box.replaceChildren(content);
    for (const details of box.querySelectorAll("details")) details.open = open.has(details.dataset.keep);
    if (!focused) return;
    const after = [...box.querySelectorAll(FOCUSABLE)].filter((other) => nameOf(other) === name);
    (after[turn] ?? box).focus({ preventScroll: true });
  };
})();
