// Which entries are shown, and in which groups: worked out once, then kept up with what comes.
// No elements here.
"use strict";
(() => {
  const Ara = window.Ara;

  const OTHERS = { origin: "chains, browsers, notes", site: "no site known", page: "no page known", chain: "in no chain" };

  // What stands for an origin in a URL that has none: no origin has a blank in it.
  const UNTOLD = "no origin: ";

  const keysOf = {
    origin: (told) => told.origin || (told.reporter && UNTOLD + told.reporter),
    site: (told) => told.site,
    page: (told) => told.page,
    chain: (told) => (told.chains.length === 1 ? `chain c${told.chains[0]}` : ""),
    none: () => "all entries",
  };

  // Where `number` is, or would be, in rows that are in order of numbers.
  const place = (rows, number) => {
    let low = 0;
    let high = rows.length;
    if (!high || rows[high - 1].number < number) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].number < number) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  class Shown {
    constructor(entries) {
      this.entries = entries;
      this.by = "origin";
      this.arrange();
    }

    // All anew: groups in order of their first entry, the one without a key last.
    arrange(terms = []) {
      this.fits = Ara.fitting(terms);
      this.groups = [];
      this.byKey = new Map();
      this.size = 0;
      for (const told of this.entries.sorted) {
        told.group = null;
        if (!this.fits || this.fits(told)) this.put(told);
      }
    }

    // One that is new or has changed.
    keepUp(told) {
      const fits = !this.fits || this.fits(told);
      if (told.group && fits && told.group.key === keysOf[this.by](told)) {
        this.count(told);
        return;
      }
      this.remove(told);
      if (fits) this.put(told);
    }

    put(told) {
      const key = keysOf[this.by](told);
      let group = this.byKey.get(key);
      if (!group) {
        group = { key, title: key ? Ara.host(key) : OTHERS[this.by], rows: [], errors: 0, warnings: 0, top: 0 };
        this.byKey.set(key, group);
        const last = this.groups.at(-1);
        this.groups.splice(last?.key === "" ? -1 : this.groups.length, 0, group);
      }
      const index = place(group.rows, told.number);
      if (index === group.rows.length) group.rows.push(told);
      else group.rows.splice(index, 0, told);
      told.group = group;
      told.counted = Ara.NOTHING;
      this.count(told);
      this.size += 1;
    }

    // A heading tells how many errors and warnings are below it.
    count(told) {
      const { counted, errors, warnings, group } = told;
      group.errors += errors - counted.errors;
      group.warnings += warnings - counted.warnings;
      told.counted = errors || warnings ? { errors, warnings } : Ara.NOTHING;
    }

    remove(told) {
      const { group } = told;
      if (!group) return;
      group.errors -= told.counted.errors;
      group.warnings -= told.counted.warnings;
      group.rows.splice(place(group.rows, told.number), 1);
      told.group = null;
      told.counted = Ara.NOTHING;
      this.size -= 1;
      if (!group.rows.length) {
        this.byKey.delete(group.key);
        this.groups.splice(this.groups.indexOf(group), 1);
      }
    }

    // Where an entry is among the rows of its group.
    indexOf(told) {
      return place(told.group.rows, told.number);
    }
  }

  Ara.Shown = Shown;
})();
