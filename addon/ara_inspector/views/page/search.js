// The search box: the filters beside it as terms of the same language, what of it cannot be read,
// and a sheet of terms to begin with.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const MOST = 6;

  // The terms of all filters of the page: `filter` has the text of the search box as `q`.
  Ara.termsOf = ({ q, severity, ...fields }) => {
    const chosen = Object.entries(fields).filter(([, value]) => value.trim());
    const written = chosen.map(([key, value]) => Ara.term(key, value.trim()));
    if (severity) written.push(severity === "none" ? "-severity:note" : Ara.term("severity", severity));
    return Ara.readFilter(`${written.join(" ")} ${q}`);
  };

  // The values of `counts` that most entries have.
  const most = (counts) =>
    [...counts]
      .sort(([, one], [, other]) => other - one)
      .slice(0, MOST)
      .map(([value]) => value);

  const counted = (values) => {
    const counts = new Map();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };

  // What there is to ask for, by what there is.
  const offered = (entries) => {
    const { codes, origins, kinds } = entries.counts;
    const registers = counted(entries.sorted.map((told) => told.registers).filter(Boolean));
    const bare = (origin) => origin.replace(/^https:\/\//, "");
    return {
      kind: [...Object.keys(Ara.REGISTERS).filter((kind) => registers.has(kind)), ...["report", "silent", "chain"].filter((kind) => kinds.get(kind))],
      verdict: Ara.VERDICTS.filter((verdict) => entries.counts.verdicts.get(verdict)),
      severity: ["error", "warning"],
      code: most(counted([...codes.keys()].map((code) => code.slice(0, 3)))),
      site: most(counted(entries.sorted.filter((told) => told.registers).map((told) => told.site).filter(Boolean))).map(bare),
      origin: most([...origins].map(([origin, { entries: number }]) => [origin, number])).map(bare),
    };
  };

  const said = (terms) =>
    terms
      .filter((term) => term.wrong)
      .map((term) => Ara.printable(term.wrong))
      .join(" · ");

  class Search {
    constructor({ box, sheet, unread, entries, onChange }) {
      Object.assign(this, { box, sheet, unread, entries, onChange });
      const around = box.parentElement;
      around.addEventListener("focusin", () => this.show());
      around.addEventListener("focusout", ({ relatedTarget }) => {
        if (!around.contains(relatedTarget)) sheet.hidden = true;
      });
      box.addEventListener("input", () => this.show());
      // A button that is pressed does not take the focus: the sheet stays until it has acted.
      sheet.addEventListener("mousedown", (event) => event.preventDefault());
    }

    // The sheet is in the way of the list: it is there only while there is nothing to look at.
    show() {
      const wrong = said(Ara.readFilter(this.box.value));
      const helps = wrong !== "" || !this.box.value.trim();
      if (helps) this.draw(wrong);
      this.sheet.hidden = !helps;
    }

    draw(wrong) {
      const lines = Object.entries(offered(this.entries)).filter(([, values]) => values.length > 0);
      this.sheet.replaceChildren(
        el("p", "wrong", wrong),
        el(
          "dl",
          "",
          ...lines.map(([key, values]) =>
            el("div", "", el("dt", "", `${key}:`), el("dd", "", ...values.map((value) => Ara.button(Ara.printable(value), "small", () => this.add(key, value))))),
          ),
        ),
        el("p", "muted", "Terms are joined by “and”, values after a colon by commas; - before a term leaves out. Any other text is searched for, \"in quotes\" with its blanks."),
      );
    }

    // Puts a term in the place of what cannot be read, or behind all else.
    add(key, value) {
      const read = Ara.readFilter(this.box.value).filter((term) => !term.wrong);
      this.box.value = [...read.map((term) => term.written), Ara.term(key, value)].join(" ");
      this.box.focus();
      this.sheet.hidden = true;
      this.onChange(this.box.value);
    }

    // Says which terms were left out because they cannot be read.
    say(terms) {
      const wrong = said(terms);
      this.unread.hidden = !wrong;
      this.unread.textContent = wrong && `Not applied: ${wrong}`;
      this.box.setAttribute("aria-invalid", String(wrong !== ""));
    }
  }

  Ara.Search = Search;
})();
