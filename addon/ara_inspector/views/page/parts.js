// What the right side is built of, whatever it shows: sections, facts, tables, blocks of text.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const TEXT_SHOWN = 2000;
  const FACT_SHOWN = 300;
  const REFERENCE = /(\(#\d{1,9}\)|flow "?[0-9a-f]{8}-[0-9a-f-]{27}"?)/;

  Ara.section = (title, ...children) => el("section", "part", el("h3", "", title), ...children);

  Ara.facts = (pairs) => {
    const list = el("dl", "facts-list");
    for (const [name, value] of pairs) {
      if (value === null || value === undefined || value === "") continue;
      const shown = value instanceof Node ? value : Ara.long(value);
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
  const fill = (element, text, longest, options) => {
    element.replaceChildren(Ara.printable(text.slice(0, longest), options));
    if (text.length > longest) {
      const label = `… show all ${text.length.toLocaleString("en")} characters`;
      element.append(Ara.button(label, "jump", () => fill(element, text, Infinity, options)));
    }
    return element;
  };

  Ara.block = (text, className = "") => {
    const pre = el("pre", className);
    pre.tabIndex = 0;
    return fill(pre, text, TEXT_SHOWN, { lines: true });
  };

  // Of what stands in a line less is shown: findings are below it.
  Ara.long = (text, className = "") => fill(el("span", className), String(text), FACT_SHOWN);

  // A sentence of ours: the entries it names, by their number or by their flow, can be gone to.
  Ara.said = (text, { entries, go }) => {
    if (text.length > TEXT_SHOWN) return Ara.long(text);
    const parts = text.split(REFERENCE).map((part, index) => {
      const number = index % 2 ? Number(/^\(#(\d+)/.exec(part)?.[1]) || entries.firstOf(/[0-9a-f-]{36}/.exec(part)?.[0]) : null;
      if (!number || !entries.get(number)) return Ara.printable(part);
      const way = Ara.button(`#${number}`, "jump", () => go(number));
      return part.startsWith("(") ? ["(", way, ")"] : way;
    });
    return el("span", "", ...parts.flat());
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
