// The timeline itself: only the rows in sight exist, so its length costs nothing.
"use strict";
(() => {
  const Ara = window.Ara;
  const OVERSCAN = 8;
  const FRESH = 2000;
  const DAY = 86400;
  const { el } = Ara;

  Ara.pill = (verdict, sure = true) => {
    const pill = el("span", `pill ${verdict}`, verdict + (sure ? "" : "?"));
    if (!sure) pill.title = "inferred, not certain";
    return pill;
  };

  Ara.code = (code, severity) => el("span", `code ${severity}`, code);

  const dots = (told) => {
    const box = el("span", "dots");
    box.setAttribute("aria-hidden", "true");
    for (const verdict of told.dots) box.append(el("i", verdict || "none"));
    return box;
  };

  const attribute = (element, name, value) => {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  };

  const dayOf = (time) => (time === null ? null : Math.floor(time / DAY));

  class List {
    constructor({ list, rows, pinned, shown, onSelect }) {
      Object.assign(this, { list, rows, pinned, shown, onSelect });
      this.folded = new Set();
      this.drawn = new Map();
      this.selected = null;
      this.zero = null;
      this.dated = false;
      this.height = 0;
      this.anchor = null;
      this.live = false;
      list.addEventListener("scroll", () => this.draw(), { passive: true });
      new ResizeObserver(() => this.measure()).observe(list);
      pinned.addEventListener("click", () => {
        if (this.top) list.scrollTop = this.top.top;
      });
      rows.addEventListener("animationend", ({ target }) => target.classList.remove("fresh"));
      rows.addEventListener("click", (event) => {
        const thing = this.drawn.get(event.target.closest("[data-key]")?.dataset.key);
        if (thing?.told) this.select(thing.told.number);
        else if (thing) this.fold(thing.group.key);
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

    get headed() {
      return this.shown.by !== "none";
    }

    // Whether the list stays at its end while it grows: where somebody went to the end, and for
    // whom nothing is chosen yet, from when it is longer than what is in sight.
    get follows() {
      const view = this.list;
      const atEnd = this.height > 0 && view.scrollTop + view.clientHeight >= this.height - 2;
      return !this.headed && atEnd && (view.scrollTop > 0 || (this.live && this.selected === null));
    }

    // What is shown has changed. What is being read stays where it is: at the very top that is
    // the place itself, elsewhere the row.
    update({ zero, earliest, latest, last }) {
      const dated = zero === null && dayOf(earliest) !== dayOf(latest);
      if (zero !== this.zero || dated !== this.dated) {
        Object.assign(this, { zero, dated });
        this.drawn.forEach((thing) => (thing.state = ""));
      }
      this.fitColumns(latest, last);
      const view = this.list;
      const { anchor, follows } = this;
      this.layOut();
      const place = anchor && this.topOf(anchor);
      if (follows) view.scrollTop = this.height;
      else if (place !== null && view.scrollTop > 0) view.scrollTop = place + anchor.into;
      this.draw();
    }

    // The columns of numbers are as wide as the longest of them.
    fitColumns(latest, last) {
      const clock = Math.max(Ara.moment(latest, this.zero).length, Ara.moment(this.zero, this.zero).length);
      this.list.style.setProperty("--digits", Math.max(2, String(last).length));
      this.list.style.setProperty("--clock", Math.max(2, clock));
    }

    layOut() {
      let top = 0;
      for (const group of this.shown.groups) {
        group.top = top;
        top += this.heightOf(group);
      }
      this.height = top;
      this.rows.style.height = `${top}px`;
    }

    bodyOf(group) {
      return group.top + (this.headed ? this.head : 0);
    }

    heightOf(group) {
      return (this.headed ? this.head : 0) + (this.folded.has(group.key) ? 0 : group.rows.length * this.row);
    }

    // Where a row, or without `told` a heading, is; null if it is not in the list.
    topOf({ told, group }) {
      if (!told) return this.shown.byKey.get(group.key) === group ? group.top : null;
      if (!told.group || this.folded.has(told.group.key)) return null;
      return this.bodyOf(told.group) + this.shown.indexOf(told) * this.row;
    }

    // The number of the last group that begins at or before `offset`.
    groupAt(offset) {
      const { groups } = this.shown;
      let low = 0;
      let high = groups.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (groups[middle].top <= offset) low = middle;
        else high = middle - 1;
      }
      return Math.max(low, 0);
    }

    *between(from, to) {
      const { groups } = this.shown;
      for (let at = this.groupAt(from); at < groups.length && groups[at].top < to; at += 1) {
        const group = groups[at];
        if (this.headed && group.top + this.head > from) yield { key: `g${group.key}`, group, top: group.top };
        if (this.folded.has(group.key)) continue;
        const body = this.bodyOf(group);
        const last = Math.min(group.rows.length, Math.ceil((to - body) / this.row));
        for (let index = Math.max(0, Math.floor((from - body) / this.row)); index < last; index += 1) {
          const told = group.rows[index];
          yield { key: `e${told.number}`, group, told, index, top: body + index * this.row };
        }
      }
    }

    draw() {
      if (!this.row) return;
      const top = this.list.scrollTop;
      const margin = OVERSCAN * this.row;
      const wanted = new Map();
      this.anchor = null;
      for (const thing of this.between(Math.max(0, top - margin), top + this.list.clientHeight + margin)) {
        wanted.set(thing.key, thing);
        if (!this.anchor && thing.top + this.row > top) this.anchor = { told: thing.told, group: thing.group, into: top - thing.top };
      }
      for (const [key, thing] of this.drawn) if (!wanted.has(key)) thing.element.remove();
      let next = this.rows.firstElementChild;
      for (const [key, thing] of wanted) {
        const old = this.drawn.get(key);
        thing.state = thing.told ? `${thing.told.revision}${this.turns(thing)}` : this.stateOf(thing.group);
        thing.element = old?.state === thing.state ? old.element : this.make(thing);
        if (old && old.element !== thing.element) {
          if (next === old.element) next = next.nextElementSibling;
          old.element.remove();
        }
        if (next === thing.element) next = next.nextElementSibling;
        else this.rows.insertBefore(thing.element, next);
        this.put(thing);
      }
      this.drawn = wanted;
      this.pin(top);
      this.mark();
    }

    stateOf(group) {
      return [this.folded.has(group.key), group.rows.length, group.errors, group.warnings].join();
    }

    put({ element, key, top, told, group, index }) {
      attribute(element, "data-key", key);
      element.style.transform = `translateY(${top}px)`;
      if (!told) return;
      attribute(element, "aria-level", this.headed ? "2" : "1");
      attribute(element, "aria-posinset", String(index + 1));
      attribute(element, "aria-setsize", String(group.rows.length));
    }

    // The heading of the group in sight stays in sight.
    pin(top) {
      const group = this.headed ? this.shown.groups[this.groupAt(top)] : undefined;
      this.top = group && top > group.top ? group : null;
      const state = this.top ? `${group.key} ${this.stateOf(group)}` : "";
      if (this.pinned.dataset.state === state) return;
      this.pinned.dataset.state = state;
      this.pinned.replaceChildren(...(state ? [this.makeHead(group)] : []));
    }

    make(thing) {
      return thing.told ? this.makeRow(thing.told, this.turns(thing)) : this.makeHead(thing.group);
    }

    // Whether a row is of another day than the one above it, in a group that is told in dates.
    turns({ told, group, index }) {
      return this.dated && told.time !== null && dayOf(told.time) !== dayOf(group.rows[index - 1]?.time ?? null);
    }

    makeHead(group) {
      const title = el("b", "title", group.title);
      title.title = group.title;
      const head = el(
        "div",
        "head",
        el("i", "fold"),
        title,
        el("span", "muted", group.rows.length.toLocaleString("en")),
        group.errors > 0 && Ara.code(Ara.plural(group.errors, "error"), "error"),
        group.warnings > 0 && Ara.code(Ara.plural(group.warnings, "warning"), "warning"),
      );
      head.setAttribute("role", "treeitem");
      head.setAttribute("aria-level", "1");
      head.setAttribute("aria-expanded", String(!this.folded.has(group.key)));
      return head;
    }

    makeRow(told, turns) {
      const shown = told.codes.slice(0, 3).map(([code, severity]) => Ara.code(code, severity));
      if (told.codes.length > 3) shown.push(el("span", "muted", `+${told.codes.length - 3}`));
      const said = Ara.printable(told.route).replace(" > ", " → ");
      const route = el("span", "route", told.dots.length > 0 && dots(told), said);
      route.title = said;
      const date = told.time === null ? "" : Ara.date(told.time);
      const time = el("span", "time", turns && el("span", "date", el("span", "year", date.slice(0, 5)), `${date.slice(5, 10)} `), Ara.moment(told.time, this.zero));
      time.title = date;
      const row = el(
        "div",
        `row ${told.kind}`,
        el("span", "number", String(told.number)),
        time,
        el("span", "what", Ara.printable(told.what)),
        el("span", "verdict", told.verdict && Ara.pill(told.verdict, told.sure)),
        route,
        el("span", "place", Ara.printable(told.place).replace(" hop ", "·")),
        el("span", "codes", ...shown),
      );
      row.id = `entry-${told.number}`;
      row.setAttribute("role", "treeitem");
      const age = performance.now() - told.came;
      if (told.came && age < FRESH) {
        row.classList.add("fresh");
        // A row that is made again goes on where it was.
        row.style.animationDelay = `-${Math.round(age)}ms`;
      }
      return row;
    }

    mark() {
      for (const { element, told } of this.drawn.values()) {
        if (!told) continue;
        const chosen = told.number === this.selected;
        element.classList.toggle("selected", chosen);
        attribute(element, "aria-selected", String(chosen));
      }
      const there = this.selected !== null && this.drawn.get(`e${this.selected}`);
      if (there) attribute(this.list, "aria-activedescendant", there.element.id);
      else this.list.removeAttribute("aria-activedescendant");
    }

    select(number, { scroll = true, tell = true } = {}) {
      this.selected = number;
      if (number !== null && scroll) this.reveal(number);
      this.mark();
      if (tell) this.onSelect(number);
    }

    // The entry that is chosen, if it is among those shown.
    get chosen() {
      const told = this.selected === null ? null : this.shown.entries.get(this.selected);
      return told?.group ? told : null;
    }

    reveal(number) {
      const told = this.shown.entries.get(number);
      if (!told?.group) return;
      if (this.folded.delete(told.group.key)) this.layOut();
      const top = this.topOf({ told });
      const view = this.list;
      const headroom = this.headed ? this.head : 0;
      if (top - headroom < view.scrollTop) view.scrollTop = top - headroom;
      else if (top + 2 * this.row > view.scrollTop + view.clientHeight) {
        view.scrollTop = top + 2 * this.row - view.clientHeight;
      }
      this.draw();
    }

    // The next entry in `step` direction for which `fits`, from the selected one on.
    move(step, fits = () => true) {
      const { groups } = this.shown;
      const from = this.chosen;
      let at = from ? groups.indexOf(from.group) : step > 0 ? 0 : groups.length - 1;
      let index = from && !this.folded.has(from.group.key) ? this.shown.indexOf(from) + step : null;
      for (; groups[at]; at += step, index = null) {
        const { key, rows } = groups[at];
        if (this.folded.has(key)) continue;
        for (index ??= step > 0 ? 0 : rows.length - 1; rows[index]; index += step) {
          if (fits(rows[index])) return this.select(rows[index].number);
        }
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
      if (this.chosen && this.headed) this.fold(this.chosen.group.key, to);
    }
  }

  Ara.List = List;
})();
