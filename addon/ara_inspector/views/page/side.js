// The right side: what it shows of which entry, and when that is drawn anew.
"use strict";
(() => {
  const Ara = window.Ara;
  const SLOW = 250;

  class Side {
    // `page` gives entries, the list, the source of entries in full, and ways to other places.
    constructor(box, page) {
      Object.assign(this, { box, page });
      this.turn = 0;
      this.drawn = "";
    }

    // What it shows depends on this; when it has changed, `update` draws it again.
    get wanted() {
      const { chosen, lacks } = this;
      const { entries } = this.page;
      if (lacks !== null) return `no ${lacks} ${Ara.numbered(entries)}`;
      if (!chosen) return "overview";
      return [
        chosen.number,
        chosen.revision,
        entries.reportsOf(chosen).length,
        chosen.flow && entries.sameFlow(chosen).length,
        ...Ara.alongside(chosen, entries).map((chain) => `${chain.number}.${chain.revision}`),
      ].join();
    }

    get chosen() {
      const { entries, list } = this.page;
      return list.selected === null ? null : (entries.get(list.selected) ?? null);
    }

    // What is asked for and is not there, once all is there that can be; null otherwise.
    get lacks() {
      const { entries, list, settled } = this.page;
      return settled && list.selected !== null && !entries.get(list.selected) ? list.selected : null;
    }

    // What it was drawn from is out of date.
    stale() {
      this.drawn = "";
    }

    update() {
      if (this.drawn !== this.wanted) this.show();
    }

    // Shows the chosen entry or the overview, from its `top` where that is another than before.
    async show(top = false) {
      const turn = (this.turn += 1);
      const { chosen, page } = this;
      this.drawn = this.wanted;
      if (this.lacks !== null) {
        this.put(Ara.absent(this.lacks, page), top);
        return;
      }
      if (!chosen) {
        this.put(Ara.overview(page.entries, page.summary, page), top);
        return;
      }
      const waits = setTimeout(() => turn === this.turn && this.put(Ara.outline(chosen, "Loading …", page), top), SLOW);
      const content = await this.inFull(chosen);
      clearTimeout(waits);
      if (turn === this.turn) this.put(content, top);
    }

    async inFull(chosen) {
      const { page } = this;
      const { entries } = page;
      try {
        const full = await page.source.load([chosen, ...Ara.alongside(chosen, entries)]);
        const whole = (row) => {
          const found = row && full.get(row.number);
          if (!found) return null;
          const about = found.entry[found.entry.kind];
          return { ...row, about, findings: about.findings ?? [], why: found.why };
        };
        const told = whole(chosen);
        if (!told) return Ara.outline(chosen, "The session has dropped this entry.", page);
        return Ara.detail(told, { ...page, chain: (number) => whole(entries.chain(number)) });
      } catch {
        this.stale();
        return Ara.outline(chosen, page.source.missing, page);
      }
    }

    put(content, top) {
      const { box } = this;
      // Nothing is drawn anew under somebody who is marking text in it.
      const marked = document.getSelection();
      if (!top && !marked.isCollapsed && box.contains(marked.anchorNode)) {
        this.stale();
        return;
      }
      const at = box.scrollTop;
      Ara.exchange(box, content);
      box.scrollTop = top ? 0 : at;
    }
  }

  Ara.Side = Side;
})();
