// Where a saved report has its entries from: the file itself, which holds rows, the document with
// the entries in full, and CSV, all but the rows as text until somebody asks.
"use strict";
(() => {
  const Ara = window.Ara;

  // What holds the entries of each kind: members of the document, but for browsers.
  const PLACES = {
    registration: (made) => made.registrations,
    silent: (made) => made.silent,
    chain: (made) => made.chains,
    action: (made) => made.actions,
    report: (made) => made.reports,
    context: (made) => made.contexts,
    browser: (made, beside) => beside.browsers,
    note: (made) => made.notes,
  };

  const textOf = (id) => document.getElementById(id).textContent;

  class Saved {
    constructor(data) {
      this.captures = data.captures;
      this.rules = data.rules;
      this.at = 0;
      this.full = new Map();
    }

    get capture() {
      return this.captures[this.at];
    }

    choose(at) {
      this.at = at;
      this.full.clear();
    }

    async load(rows) {
      if (!this.full.size) this.read();
      return new Map(rows.map((row) => [row.number, this.full.get(row.number)]));
    }

    // The document is read when the first entry is looked at: it is most of the file.
    read() {
      const whole = JSON.parse(textOf("document"));
      const made = whole.documents?.[this.at] ?? whole;
      const beside = JSON.parse(textOf("beside"))[this.at];
      for (const [kind, place] of Object.entries(PLACES)) {
        for (const about of place(made, beside)) {
          this.full.set(about.entry, { entry: { kind, [kind]: about }, why: beside.why[about.entry] ?? [] });
        }
      }
    }

    // The very texts that lie in the file: nothing is made anew, so no number loses a digit.
    exports() {
      return [
        { label: "JSON", name: "attribution.json", type: "application/json", make: () => textOf("document") },
        { label: "CSV", name: "attribution.csv", type: "text/csv", make: () => JSON.parse(textOf("csv")) },
      ];
    }
  }

  Ara.Saved = Saved;

  Ara.startSaved = (page, data) => {
    const { entries, list, status } = page;
    const saved = new Ara.Saved(data);
    const show = (at) => {
      saved.choose(at);
      Object.assign(page, { summary: saved.capture.summary, remarks: saved.capture.remarks });
      entries.clear();
      entries.add(saved.capture.rows);
      list.folded.clear();
      page.side.stale();
      page.rearrange();
    };
    Object.assign(page, { source: saved, rules: saved.rules });
    page.offer(saved.exports());
    status("report", "report", "A saved report; nothing is live here");
    page.captures(saved.captures.map((capture) => capture.name), (at) => {
      list.selected = null;
      show(at);
    });
    page.recall();
    show(0);
  };
})();
