// The entries as rows: what the page knows of each, the ways between them, and how many of what.
// Entries in full are fetched by who shows one. No elements here.
"use strict";
(() => {
  const Ara = window.Ara;

  Ara.KINDS = {
    registration: "registrations",
    silent: "silent hops",
    chain: "chains",
    action: "user actions",
    report: "reports",
    context: "proven sites",
    browser: "browsers",
    note: "notes",
  };
  Ara.REGISTERS = { source: "sources", trigger: "triggers", "os-source": "OS sources", "os-trigger": "OS triggers" };
  Ara.VERDICTS = ["registered", "rejected", "ignored", "unknown"];
  Ara.SEVERITIES = ["error", "warning", "note"];
  const NONE = Object.freeze([]);
  const NOTHING = Object.freeze({ errors: 0, warnings: 0 });

  // A row as it is kept. All have the same members in the same order: there may be 50,000.
  const told = (row, came) => ({
    number: row.number,
    revision: row.revision,
    kind: row.kind,
    time: row.time ?? null,
    verdict: row.verdict ?? "",
    sure: row.sure ?? true,
    severity: row.severity ?? "",
    origin: row.origin ?? "",
    origins: row.origins ?? NONE,
    reporter: row.reporter ?? "",
    registers: row.registers ?? "",
    flow: row.flow ?? "",
    what: row.what,
    route: row.route ?? "",
    place: row.place ?? "",
    site: row.site ?? "",
    page: row.page ?? "",
    chains: row.chains ?? NONE,
    causes: row.causes ?? NONE,
    dots: row.dots ?? NONE,
    codes: row.codes ?? NONE,
    errors: row.errors ?? 0,
    warnings: row.warnings ?? 0,
    text: row.text,
    came,
    group: null,
    counted: NOTHING,
  });

  class Counts {
    constructor() {
      this.verdicts = new Map();
      this.findings = { errors: 0, warnings: 0 };
      this.kinds = new Map();
      this.codes = new Map();
      this.origins = new Map();
    }

    // Counts an entry, or with -1 takes it out again.
    take(entry, by = 1) {
      if (entry.verdict) bump(this.verdicts, entry.verdict, by);
      this.findings.errors += by * entry.errors;
      this.findings.warnings += by * entry.warnings;
      bump(this.kinds, entry.kind, by);
      for (const [code, severity] of entry.codes) {
        const known = at(this.codes, code, () => ({ severity, entries: 0 }));
        known.entries += by;
        if (!known.entries) this.codes.delete(code);
      }
      if (!entry.origin) return;
      const known = at(this.origins, entry.origin, () => ({ entries: 0, registered: 0, rejected: 0, ignored: 0, unknown: 0 }));
      known.entries += by;
      if (entry.verdict) known[entry.verdict] += by;
      if (!known.entries) this.origins.delete(entry.origin);
    }
  }

  const at = (map, key, make) => {
    if (!map.has(key)) map.set(key, make());
    return map.get(key);
  };
  const bump = (map, key, by) => map.set(key, (map.get(key) ?? 0) + by);

  class Entries {
    constructor() {
      this.clear();
    }

    clear() {
      this.byNumber = new Map();
      this.byFlow = new Map();
      this.byChain = new Map();
      this.byCause = new Map();
      this.counts = new Counts();
      this.sorted = [];
      this.zero = null;
      this.latest = null;
    }

    // Times count from the first entry there ever was, be it filtered out or dropped.
    begin(time) {
      if (time !== null && time !== undefined && (this.zero === null || time < this.zero)) this.zero = time;
    }

    get size() {
      return this.sorted.length;
    }

    // Takes new and revised rows and returns them as kept; an older revision replaces nothing,
    // and the same one changes nothing. `came` is when, for rows that come while somebody looks.
    add(rows, came = 0) {
      const taken = [];
      let inOrder = true;
      for (const row of rows) {
        const known = this.byNumber.get(row.number);
        if (known && known.revision >= row.revision) continue;
        if (known) {
          this.unlink(known);
          Object.assign(known, told(row, known.came), { group: known.group, counted: known.counted });
        } else {
          const made = told(row, came);
          this.byNumber.set(made.number, made);
          if (this.sorted.length && this.sorted.at(-1).number > made.number) inOrder = false;
          this.sorted.push(made);
        }
        const kept = known ?? this.sorted.at(-1);
        this.link(kept);
        taken.push(kept);
      }
      if (!inOrder) this.sorted.sort((a, b) => a.number - b.number);
      return taken;
    }

    link(entry) {
      this.counts.take(entry);
      if (entry.time !== null && (this.zero === null || entry.time < this.zero)) this.zero = entry.time;
      if (entry.time !== null && (this.latest === null || entry.time > this.latest)) this.latest = entry.time;
      if (entry.flow) at(this.byFlow, entry.flow, () => new Set()).add(entry.number);
      for (const cause of entry.causes) at(this.byCause, cause, () => new Set()).add(entry.number);
      if (entry.kind === "chain") this.byChain.set(entry.chains[0], entry.number);
    }

    unlink(entry) {
      this.counts.take(entry, -1);
      const drop = (map, key) => {
        map.get(key)?.delete(entry.number);
        if (!map.get(key)?.size) map.delete(key);
      };
      if (entry.flow) drop(this.byFlow, entry.flow);
      for (const cause of entry.causes) drop(this.byCause, cause);
      if (entry.kind === "chain") this.byChain.delete(entry.chains[0]);
    }

    // Forgets what the session has dropped; returns what is gone.
    forgetBefore(first) {
      let end = 0;
      while (end < this.sorted.length && this.sorted[end].number < first) end += 1;
      const gone = this.sorted.splice(0, end);
      for (const entry of gone) {
        this.byNumber.delete(entry.number);
        this.unlink(entry);
      }
      return gone;
    }

    get(number) {
      return this.byNumber.get(number);
    }

    sameFlow(entry) {
      return this.found(this.byFlow.get(entry.flow)).filter((other) => other !== entry);
    }

    // The number of the first entry of a flow.
    firstOf(flow) {
      const [first] = this.byFlow.get(flow) ?? NONE;
      return first;
    }

    // The reports that go back to a registration.
    reportsOf(entry) {
      return this.found(this.byCause.get(entry.number));
    }

    // The entry that tells a chain.
    chain(number) {
      return this.get(this.byChain.get(number));
    }

    found(numbers) {
      return [...(numbers ?? NONE)].map((number) => this.get(number)).filter(Boolean);
    }
  }

  Ara.NOTHING = NOTHING;
  Ara.Entries = Entries;
})();
