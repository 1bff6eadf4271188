// Where a saved report has its entries from: the file itself, which holds rows, the document with
// the entries in full, and CSV. All but the rows stay packed until somebody asks.
"use strict";
(() => {
  const Ara = window.Ara;
  const KEPT = 8;
  const UNABLE =
    "This browser cannot unpack the report: it lacks DecompressionStream, which all browsers have had since 2023. Open the file in a newer one, or without JavaScript to read a plain list.";
  const DAMAGED = "This file is damaged: what it holds cannot be unpacked. Save the report anew.";

  class Saved {
    constructor(packed, held) {
      Object.assign(this, { packed, captures: held.captures, rules: held.rules, files: held.exports });
      const alone = held.captures.length === 1;
      this.expectations = held.expectations && { ...held.expectations, alone };
      this.missing = DAMAGED;
      this.choose(0);
    }

    get capture() {
      return this.captures[this.at];
    }

    choose(at) {
      this.at = at;
      this.kept = new Map();
    }

    async load(rows) {
      const found = await Promise.all(rows.map((row) => this.inFull(row)));
      return new Map(rows.map((row, index) => [row.number, found[index]]));
    }

    async inFull({ kind, number }) {
      const piece = this.capture.full.find((one) => one.kind === kind && one.last >= number);
      if (!piece) return undefined;
      const { entries, whys } = await this.read(piece);
      return entries.has(number) ? { entry: { kind, [kind]: entries.get(number) }, why: whys[number] ?? [] } : undefined;
    }

    // The last pieces read are kept: who looks at one entry looks at its neighbours next.
    read(piece) {
      const reading = this.kept.get(piece) ?? this.unpack(piece);
      this.kept.delete(piece);
      this.kept.set(piece, reading);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
      return reading;
    }

    async unpack({ at, why }) {
      const [list, whys] = await Promise.all([this.packed.list(at), why === null ? {} : this.packed.json(why)]);
      return { entries: new Map(list.map((about) => [about.entry, about])), whys };
    }

    exports({ entries, shown }) {
      const { packed, files, captures } = this;
      const total = captures.reduce((sum, capture) => sum + capture.entries, 0);
      const all = {
        title: captures.length > 1 ? `All captures (${total.toLocaleString("en")})` : `All (${total.toLocaleString("en")})`,
        files: [
          { label: "JSON", name: "attribution.json", make: () => packed.file(files.json, "application/json") },
          { label: "CSV", name: "attribution.csv", make: () => packed.file(files.csv, "text/csv") },
        ],
      };
      if (shown.size === total) return [all];
      const rows = entries.sorted.filter((told) => told.group);
      return [
        {
          title: `Shown (${rows.length.toLocaleString("en")})`,
          files: [
            { label: "JSON lines", name: "attribution-shown.jsonl", make: () => this.jsonLines(rows) },
            { label: "CSV", name: "attribution-shown.csv", make: () => this.csvLines(entries, rows) },
          ],
        },
        all,
      ];
    }

    jsonLines(rows) {
      const { packed, capture, captures } = this;
      return Ara.jsonLines(packed, capture.full, rows, captures.length > 1 ? capture.name : null);
    }

    async csvLines(entries, rows) {
      const whole = await this.packed.file(this.files.csv, "text/csv");
      const before = this.captures.slice(0, this.at).reduce((sum, capture) => sum + capture.entries, 0);
      const places = new Map(entries.sorted.map((told, place) => [told.number, before + place]));
      return Ara.csvLines(await whole.text(), rows.map((row) => places.get(row.number)));
    }
  }

  Ara.Saved = Saved;

  // Opens a capture: its first rows are shown at once, the others as they are unpacked.
  const opening = (page, saved) => {
    const { entries, list, shown, status } = page;
    let turn = 0;
    return async (at, begin) => {
      const mine = (turn += 1);
      saved.choose(at);
      // At once, so that nobody takes what is still there for what was chosen.
      status("connecting", "opening");
      const { capture } = saved;
      Object.assign(page, { summary: capture.summary, remarks: capture.remarks });
      entries.clear();
      entries.begin(capture.summary.started);
      list.folded.clear();
      page.side.stale();
      let begun = false;
      let awaited = false;
      for (const piece of capture.rows) {
        const rows = await saved.packed.json(piece);
        if (mine !== turn) return;
        const taken = entries.add(rows);
        if (begun) {
          for (const told of taken) shown.keepUp(told);
          page.soon();
        } else {
          begun = true;
          begin();
          // Where the address leads may be among later rows.
          awaited = list.selected !== null && !entries.get(list.selected);
        }
        status("connecting", `opening ${Math.floor((100 * entries.size) / capture.entries)} %`);
      }
      if (!begun) begin();
      page.settled = true;
      status("report", "report", "A saved report; nothing is live here");
      if (!page.side.chosen) page.side.stale();
      page.refresh();
      if (awaited && list.chosen) list.reveal(list.selected);
    };
  };

  Ara.startSaved = async (page, text) => {
    const { list, notice, status } = page;
    if (!Ara.Packed.possible) {
      status("offline", "unreadable");
      notice("unable", UNABLE);
      return;
    }
    status("connecting", "opening");
    const fail = () => {
      status("offline", "damaged");
      notice("damaged", DAMAGED);
    };
    try {
      const packed = new Ara.Packed(text);
      const saved = new Ara.Saved(packed, await packed.held());
      const show = opening(page, saved);
      Object.assign(page, { source: saved, rules: saved.rules, expectations: saved.expectations });
      page.captures(saved.captures.map((capture) => capture.label), (at) => {
        list.selected = null;
        show(at, page.rearrange).catch(fail);
      });
      await show(0, page.recall);
    } catch {
      fail();
    }
  };
})();
