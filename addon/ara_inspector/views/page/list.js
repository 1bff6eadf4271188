// The timeline itself: only the rows in sight exist, so its length costs nothing.
"use strict";
(() => {
  const Ara = window.Ara;
  const OVERSCAN = 8;
  const { el } = Ara;

  Ara.pill = (verdict, sure = true) => {
    const pill = el("span", `pill ${verdict}`, verdict + (sure ? "" : "?"));
    if (!sure) pill.title = "inferred, not certain";
    return pill;
  };

  Ara.code = (code, severity) => el("span", `code ${severity}`, code);

  const worstFirst = (told) => {
    const shown = new Map();
    for (const severity of ["error", "warning", "note"]) {
      for (const f of told.findings) if (f.severity === severity && !shown.has(f.code)) shown.set(f.code, severity);
    }
    return [...shown];
  };

  const dots = (chain) => {
    const box = el("span", "dots");
    box.setAttribute("aria-hidden", "true");
    for (const hop of chain.hops.slice(0, 12)) box.append(el("i", hop.registrations[0]?.verdict ?? "none"));
    return box;
  };

  class List {
    constructor({ list, rows, pinned, onSelect }) {
      Object.assign(this, { list, rows, pinned, onSelect });
      this.items = [];
      this.offsets = [0];
      this.folded = new Set();
      this.shown = new Map();
      this.selected = null;
      this.zero = null;
      list.addEventListener("scroll", () => this.draw(), { passive: true });
      new ResizeObserver(() => this.measure()).observe(list);
      pinned.addEventListener("click", () => {
        list.scrollTop = this.offsets[this.pinnedAt];
      });
      rows.addEventListener("click", (event) => {
        const row = event.target.closest("[data-key]");
        if (!row) return;
        const item = this.items[Number(row.dataset.index)];
        if (item.group) this.fold(item.group.key);
        else this.select(item.told.number);
      });
    }

    measure() {
      const style = getComputedStyle(this.list);
      const row = parseFloat(style.getPropertyValue("--row")) || 34;
      const head = parseFloat(style.getPropertyValue("--head")) || 40;
      if (row !== this.row || head !== this.head) {
        Object.assign(this, { row, head });
        this.layOut();
      }
      this.draw();
    }

    show(groups, { zero, by, folds = true }) {
      Object.assign(this, { groups, zero, by, folds });
      this.shown.clear();
      this.rows.replaceChildren();
      this.pinned.dataset.key = "none";
      this.fitColumns();
      this.layOut();
      this.draw();
    }

    // The columns of numbers are as wide as the longest of them.
    fitColumns() {
      const rows = this.groups.flatMap((group) => group.rows);
      const longest = (texts) => texts.reduce((most, text) => Math.max(most, text.length), 2);
      const times = rows.map((told) => Ara.moment(told.time, this.zero));
      this.list.style.setProperty("--digits", longest(rows.map((told) => String(told.number))));
      this.list.style.setProperty("--clock", longest(times));
    }

    layOut() {
      this.items = [];
      for (const group of this.groups || []) {
        const folded = this.folded.has(group.key);
        if (this.by !== "none") this.items.push({ group, folded });
        if (!folded) group.rows.forEach((told, index) => this.items.push({ told, index, of: group.rows.length }));
      }
      this.offsets = [0];
      this.places = new Map();
      this.items.forEach((item, index) => {
        if (item.told) this.places.set(item.told.number, index);
        this.offsets.push(this.offsets[index] + (item.group ? this.head : this.row));
      });
      this.rows.style.height = `${this.offsets.at(-1)}px`;
    }

    at(offset) {
      let low = 0;
      let high = this.items.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.offsets[middle] <= offset) low = middle;
        else high = middle - 1;
      }
      return Math.max(low, 0);
    }

    draw() {
      if (!this.row) return;
      const top = this.list.scrollTop;
      const first = Math.max(0, this.at(top) - OVERSCAN);
      const last = Math.min(this.items.length, this.at(top + this.list.clientHeight) + OVERSCAN);
      const wanted = new Map();
      for (let index = first; index < last; index += 1) wanted.set(this.keyOf(this.items[index]), index);
      for (const [key, row] of this.shown) {
        if (!wanted.has(key)) {
          row.remove();
          this.shown.delete(key);
        }
      }
      for (const [key, index] of wanted) {
        let row = this.shown.get(key);
        if (!row) {
          row = this.make(this.items[index]);
          row.dataset.key = key;
          this.shown.set(key, row);
          this.rows.append(row);
        }
        row.dataset.index = index;
        row.style.transform = `translateY(${this.offsets[index]}px)`;
      }
      this.pin(this.at(top), top);
      this.mark();
    }

    // The heading of the group in sight stays in sight.
    pin(index, top) {
      while (index > 0 && !this.items[index].group) index -= 1;
      const item = this.items[index];
      const key = item?.group && top > this.offsets[index] ? this.keyOf(item) : "";
      if (this.pinned.dataset.key === key) return;
      this.pinned.dataset.key = key;
      this.pinnedAt = index;
      this.pinned.replaceChildren(...(key ? [this.makeHead(item)] : []));
    }

    keyOf(item) {
      return item.group ? `g${item.folded}${item.group.key}` : `e${item.told.number}.${item.told.entry.revision}`;
    }

    make(item) {
      return item.group ? this.makeHead(item) : this.makeRow(item);
    }

    makeHead({ group, folded }) {
      const worst = { error: 0, warning: 0 };
      for (const told of group.rows) if (told.severity in worst) worst[told.severity] += 1;
      const title = el("b", "title", group.title);
      title.title = group.title;
      const head = el(
        "div",
        "head",
        el("i", "fold"),
        title,
        el("span", "muted", String(group.rows.length)),
        worst.error > 0 && Ara.code(Ara.plural(worst.error, "error"), "error"),
        worst.warning > 0 && Ara.code(Ara.plural(worst.warning, "warning"), "warning"),
      );
      head.setAttribute("role", "treeitem");
      head.setAttribute("aria-level", "1");
      head.setAttribute("aria-expanded", String(!folded));
      return head;
    }

    makeRow({ told, index, of }) {
      const codes = worstFirst(told);
      const shown = codes.slice(0, 3).map(([code, severity]) => Ara.code(code, severity));
      if (codes.length > 3) shown.push(el("span", "muted", `+${codes.length - 3}`));
      const route = el("span", "route", told.kind === "chain" && dots(told.about), told.route);
      route.title = told.route;
      const time = el("span", "time", Ara.moment(told.time, this.zero));
      if (told.time !== null) time.title = Ara.date(told.time);
      const row = el(
        "div",
        `row ${told.kind}`,
        el("span", "number", String(told.number)),
        time,
        el("span", "what", told.what),
        el("span", "verdict", told.verdict && Ara.pill(told.verdict, told.sure)),
        route,
        el("span", "place", told.place),
        el("span", "codes", ...shown),
      );
      row.id = `entry-${told.number}`;
      row.setAttribute("role", "treeitem");
      row.setAttribute("aria-level", this.by === "none" ? "1" : "2");
      row.setAttribute("aria-posinset", String(index + 1));
      row.setAttribute("aria-setsize", String(of));
      return row;
    }

    mark() {
      for (const row of this.rows.querySelectorAll(".row")) {
        const chosen = row.id === `entry-${this.selected}`;
        row.classList.toggle("selected", chosen);
        row.setAttribute("aria-selected", String(chosen));
      }
      const there = this.selected !== null && this.rows.querySelector(`#entry-${this.selected}`);
      if (there) this.list.setAttribute("aria-activedescendant", there.id);
      else this.list.removeAttribute("aria-activedescendant");
    }

    select(number, { scroll = true, tell = true } = {}) {
      this.selected = number;
      if (number !== null && scroll) this.reveal(number);
      this.mark();
      if (tell) this.onSelect(number);
    }

    reveal(number) {
      if (!this.places.has(number)) {
        const group = (this.groups || []).find((g) => g.rows.some((told) => told.number === number));
        if (!group) return;
        this.folded.delete(group.key);
        this.layOut();
      }
      const index = this.places.get(number);
      const top = this.offsets[index];
      const view = this.list;
      const headroom = this.by === "none" ? 0 : this.head;
      if (top - headroom < view.scrollTop) view.scrollTop = top - headroom;
      else if (top + 2 * this.row > view.scrollTop + view.clientHeight) {
        view.scrollTop = top + 2 * this.row - view.clientHeight;
      }
      this.draw();
    }

    // The next entry in `step` direction for which `fits`, from the selected one on.
    move(step, fits = () => true) {
      const from = this.places?.get(this.selected) ?? (step > 0 ? -1 : this.items.length);
      for (let index = from + step; index >= 0 && index < this.items.length; index += step) {
        const { told } = this.items[index];
        if (told && fits(told)) return this.select(told.number);
      }
      return undefined;
    }

    edge(step) {
      this.selected = null;
      this.move(step);
    }

    fold(key, to = !this.folded.has(key)) {
      if (to) this.folded.add(key);
      else this.folded.delete(key);
      this.layOut();
      this.draw();
    }

    foldSelected(to) {
      const group = (this.groups || []).find((g) => g.rows.some((told) => told.number === this.selected));
      if (group && this.by !== "none") this.fold(group.key, to);
    }
  }

  Ara.List = List;
})();
