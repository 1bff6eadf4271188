// Entries: what is known of them, which are shown, and in which groups. No elements here.
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
  Ara.VERDICTS = ["registered", "rejected", "ignored", "unknown"];
  const SEVERITIES = ["error", "warning", "note"];
  const TEXT_SEARCHED = 20000;

  // What an entry belongs to, for grouping. Its texts come with it, worded like everywhere.
  const belongings = {
    registration: (r) => ({
      site: r.context_site?.value,
      page: r.context_site?.origin ?? r.context_site?.value,
      sure: r.certainty !== "likely",
      chains: [r.chain],
    }),
    silent: (s) => ({ chains: [s.chain] }),
    chain: (c) => ({ chains: [c.chain] }),
    action: (a) => ({ chains: a.chains }),
  };

  // An entry as the page keeps it: the document's values and the texts made of them.
  Ara.told = ({ entry, cells, why }) => {
    const about = entry[entry.kind] || {};
    const findings = about.findings || [];
    return {
      entry,
      about,
      number: entry.number,
      kind: entry.kind,
      time: entry.time ?? null,
      verdict: entry.verdict ?? "",
      severity: entry.severity ?? "",
      origin: entry.reporting_origin ?? "",
      flow: about.flow_id ?? "",
      findings,
      codes: [...new Set(findings.map((finding) => finding.code))],
      chains: [],
      sure: true,
      what: Ara.printable(cells.what),
      why,
      route: Ara.printable(cells.route).replace(" > ", " → "),
      place: Ara.printable(cells.place).replace(" hop ", "·"),
      hay: null,
      ...(belongings[entry.kind]?.(about) ?? {}),
    };
  };

  const haystack = (told) => {
    if (told.hay === null) {
      const texts = [told.what, told.route, told.origin, told.about.url, told.about.ground];
      texts.push(told.about.context_site?.origin, told.about.raw?.slice(0, TEXT_SEARCHED));
      for (const finding of told.findings) texts.push(finding.code, finding.name, finding.message);
      for (const hop of told.about.hops || []) texts.push(hop.url);
      told.hay = [`#${told.number}`, told.flow, ...texts.filter(Boolean)].join("\n").toLowerCase();
    }
    return told.hay;
  };

  class Entries {
    constructor() {
      this.clear();
    }

    clear() {
      this.byNumber = new Map();
      this.byFlow = new Map();
      this.byChain = new Map();
      this.byCause = new Map();
      this.zero = null;
      this.sorted = [];
      this.inOrder = true;
    }

    get size() {
      return this.byNumber.size;
    }

    // Takes new and revised entries; an older revision never replaces a newer one.
    add(entries) {
      for (const given of entries) {
        const old = this.byNumber.get(given.entry.number);
        if (old && old.entry.revision > given.entry.revision) continue;
        const told = Ara.told(given);
        this.byNumber.set(told.number, told);
        if (old) this.sorted[this.position(old)] = told;
        else {
          const last = this.sorted.at(-1);
          if (last && last.number > told.number) this.inOrder = false;
          this.sorted.push(told);
        }
        if (told.time !== null && (this.zero === null || told.time < this.zero)) this.zero = told.time;
        if (told.flow) this.index(this.byFlow, told.flow, told.number);
        for (const link of told.about.links || []) this.index(this.byCause, link.entry, told.number);
        if (told.kind === "chain") this.byChain.set(told.about.chain, told.number);
      }
      this.order();
    }

    order() {
      if (!this.inOrder) this.sorted.sort((a, b) => a.number - b.number);
      this.inOrder = true;
    }

    position(told) {
      if (!this.inOrder) return this.sorted.indexOf(told);
      let low = 0;
      let high = this.sorted.length - 1;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.sorted[middle].number < told.number) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    index(map, key, number) {
      if (!map.has(key)) map.set(key, new Set());
      map.get(key).add(number);
    }

    // Forgets what the session has dropped.
    forgetBefore(first) {
      if (!this.sorted.length || this.sorted[0].number >= first) return false;
      for (const told of this.sorted) if (told.number < first) this.byNumber.delete(told.number);
      this.sorted = this.sorted.filter((told) => told.number >= first);
      return true;
    }

    get(number) {
      return this.byNumber.get(number);
    }

    sameFlow(told) {
      return this.found(this.byFlow.get(told.flow)).filter((other) => other.number !== told.number);
    }

    // The reports that go back to a registration.
    reportsOf(told) {
      return this.found(this.byCause.get(told.number));
    }

    found(numbers) {
      return [...(numbers || [])].map((number) => this.get(number)).filter(Boolean);
    }

    chain(number) {
      return this.get(this.byChain.get(number));
    }

    counts() {
      const counts = { error: 0, warning: 0, note: 0, codes: new Map(), origins: new Map(), kinds: new Map() };
      for (const verdict of Ara.VERDICTS) counts[verdict] = 0;
      const bump = (map, key) => map.set(key, (map.get(key) || 0) + 1);
      for (const told of this.sorted) {
        if (told.verdict) counts[told.verdict] += 1;
        if (told.severity) counts[told.severity] += 1;
        for (const code of told.codes) bump(counts.codes, code);
        if (told.origin) bump(counts.origins, told.origin);
        bump(counts.kinds, told.kind);
      }
      return counts;
    }
  }

  const worse = (severity, wanted) =>
    wanted === "none" ? !severity : SEVERITIES.indexOf(severity) >= 0 &&
      SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(wanted);

  Ara.matching = (entries, filter) => {
    const words = filter.q.toLowerCase().split(/\s+/).filter(Boolean);
    const code = filter.code.toLowerCase();
    const origin = filter.origin.toLowerCase();
    return entries.sorted.filter(
      (told) =>
        (!filter.kind || told.kind === filter.kind) &&
        (!filter.verdict || told.verdict === filter.verdict) &&
        (!filter.severity || worse(told.severity, filter.severity)) &&
        (!origin || told.origin.toLowerCase().includes(origin)) &&
        (!code || told.findings.some((f) => f.code.toLowerCase() === code || f.name.includes(code))) &&
        words.every((word) => haystack(told).includes(word)),
    );
  };

  const OTHERS = { origin: "chains, browsers, notes", site: "no site known", page: "no page known", chain: "in no chain" };

  const keysOf = {
    origin: (told) => told.origin,
    site: (told) => told.site ?? "",
    page: (told) => told.page ?? "",
    chain: (told) => (told.chains.length === 1 ? `chain c${told.chains[0]}` : ""),
    none: () => "all entries",
  };

  // Groups in order of first appearance, the one without a key last.
  Ara.grouped = (list, by) => {
    const groups = new Map();
    for (const told of list) {
      const key = keysOf[by](told);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(told);
    }
    return [...groups]
      .map(([key, rows]) => ({ key, rows, title: key ? Ara.host(key) : OTHERS[by] }))
      .sort((a, b) => Number(a.key === "") - Number(b.key === ""));
  };

  Ara.Entries = Entries;
})();
