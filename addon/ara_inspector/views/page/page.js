// The page put together: filters, keys, the address, and entries as they come.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const $ = (id) => document.getElementById(id);
  const FILTERS = ["q", "kind", "verdict", "severity", "origin", "site", "code"];
  const SUGGESTED = 500;
  const PHONE = matchMedia("(max-width: 800px)");
  const CHIPS = [
    ["registered", "verdict"],
    ["rejected", "verdict"],
    ["ignored", "verdict"],
    ["unknown", "verdict"],
    ["error", "severity"],
    ["warning", "severity"],
  ];

  const MEANT = {
    error: "Errors found; press for the entries that have some",
    warning: "Warnings found; press for the entries that have errors or warnings",
  };

  const state = { relative: true, waiting: false, overview: false, filter: Object.fromEntries(FILTERS.map((name) => [name, ""])) };

  const stored = (name, value, place = "localStorage") => {
    try {
      if (value === undefined) return window[place].getItem(`ara-${name}`);
      window[place].setItem(`ara-${name}`, value);
    } catch {
      // A file opened from disk may have no storage.
    }
    return null;
  };

  // The way to a flow: a link into mitmweb's own page, or its id where there is none.
  // mitmweb reads the part after # only while it loads, and drops the query then: with one,
  // a second jump into the same tab loads it again.
  const flowAddress = (id) => `/?attribution#/flows/${encodeURIComponent(id)}/response`;
  const flowLink = (id, long = false) => {
    const label = long ? Ara.printable(id) : "flow";
    if (!page.mitmweb) return el("span", long ? "mono" : "", long ? label : "");
    const anchor = el("a", long ? "mono" : "", label);
    anchor.href = flowAddress(id);
    anchor.target = "mitmweb";
    return anchor;
  };
  const jump = (id) => {
    if (!page.mitmweb) return null;
    const anchor = flowLink(id);
    anchor.className = "button jump-out";
    anchor.textContent = "Open in mitmweb";
    return anchor;
  };

  const go = (number) => {
    const told = entries.get(number);
    if (!told) return;
    if (!told.group) setFilter({}, true);
    list.select(number);
  };
  const close = () => {
    if (PHONE.matches && address.isOver) {
      history.back();
      return;
    }
    state.overview = false;
    list.select(null, { scroll: false });
    $("list").focus();
  };

  const entries = new Ara.Entries();
  const shown = new Ara.Shown(entries);

  // On a phone the right side lies over the list.
  const layOver = () => document.body.classList.toggle("opened", Boolean(side.chosen) || side.lacks !== null || state.overview);
  const showSide = () => {
    layOver();
    remember();
    side.show(true);
  };
  const list = new Ara.List({ list: $("list"), rows: $("rows"), pinned: $("pinned"), shown, onSelect: showSide });

  const refresh = () => {
    state.waiting = false;
    const all = entries.size;
    const { latest, zero } = entries;
    list.update({ zero: state.relative ? zero : null, earliest: zero, latest, last: entries.sorted.at(-1)?.number ?? 0 });
    const counted = all === 1 ? "1 entry" : `${all.toLocaleString("en")} entries`;
    $("count").textContent = shown.size === all ? counted : `${shown.size.toLocaleString("en")} of ${counted}`;
    const newest = entries.sorted.at(-1);
    $("newest").hidden = !list.live || !newest;
    $("newest").textContent = newest ? `newest: #${newest.number} ${Ara.printable(newest.what)}` : "";
    $("empty").hidden = shown.size > 0;
    $("empty").textContent = all ? "No entry fits these filters (c clears them)." : page.source instanceof Ara.Saved ? "No entries." : "No entries yet.";
    $("sentence").textContent = Ara.printable(page.summary.sentence ?? "");
    $("sentence").title = $("sentence").textContent;
    showCounts();
    layOver();
    side.update();
  };

  const soon = () => {
    if (state.waiting) return;
    state.waiting = true;
    requestAnimationFrame(refresh);
  };

  // The filter, the grouping or all entries have changed.
  const rearrange = () => {
    const terms = Ara.termsOf(state.filter);
    search.say(terms);
    page.filter = terms.filter((term) => !term.wrong).map((term) => term.written).join(" ");
    shown.arrange(terms);
    list.anchor = null;
    refresh();
    exports.draw();
    if (list.chosen) list.reveal(list.selected);
    else $("list").scrollTop = 0;
    remember();
  };

  const options = (id, pairs) => {
    const box = $(id);
    const key = pairs.map(([value]) => value).join("\n");
    if (box.dataset.key === key) return;
    box.dataset.key = key;
    box.replaceChildren(
      ...pairs.map(([value, label]) => {
        const option = el("option", "", label);
        option.value = value;
        return option;
      }),
    );
  };

  // Verdicts are counted as registrations, errors and warnings as findings: so does the CLI.
  const showCounts = () => {
    const { verdicts, findings } = entries.counts;
    for (const [name, field] of CHIPS) {
      const chip = $(`chip-${name}`);
      const count = field === "severity" ? findings[`${name}s`] : (verdicts.get(name) ?? 0);
      chip.lastChild.textContent = count.toLocaleString("en");
      const pressed = state.filter[field] === name;
      chip.setAttribute("aria-pressed", String(pressed));
      chip.hidden = !count && !pressed && name === "unknown";
    }
  };

  // What can be chosen is written into the lists of suggestions when somebody comes to them.
  const suggested = (id, values) => options(id, [...values].slice(0, SUGGESTED).map((value) => [value, ""]));
  const suggest = {
    origin: () => suggested("origins", entries.counts.origins.keys()),
    site: () => suggested("sites", new Set(entries.sorted.filter((told) => told.registers && told.site).map((told) => told.site))),
    code: () => options("codes", [...entries.counts.codes.keys()].sort().map((code) => [code, page.rules[code]?.name ?? ""])),
  };

  const makeChips = () => {
    for (const [name, field] of CHIPS) {
      const chip = Ara.button(el("span", "", field === "severity" ? `${name}s` : name), `chip ${name}`, () => {
        setFilter({ [field]: state.filter[field] === name ? "" : name });
      });
      chip.id = `chip-${name}`;
      chip.title = MEANT[name] ?? `Registrations that are ${name}`;
      chip.append(el("b", "", "0"));
      $("chips").append(chip);
    }
  };

  const setFilter = (filter, only = false) => {
    if (only) for (const name of FILTERS) state.filter[name] = "";
    Object.assign(state.filter, filter);
    for (const name of FILTERS) if ($(name).value !== state.filter[name]) $(name).value = state.filter[name];
    rearrange();
  };

  const setGroup = (group) => {
    if (![...$("group").options].some((option) => option.value === group)) return;
    shown.by = group;
    $("group").value = group;
    list.folded.clear();
    rearrange();
  };

  const address = new Ara.Address(() => {
    const where = new URLSearchParams();
    if (list.selected !== null) where.set("entry", list.selected);
    if (shown.by !== "origin") where.set("group", shown.by);
    for (const name of FILTERS) if (state.filter[name]) where.set(name, state.filter[name]);
    return { where, over: PHONE.matches && (list.selected !== null || state.overview) };
  });
  const remember = () => address.keep();

  const entryIn = (where) => {
    const given = where.get("entry");
    return given !== null && /^\d{1,9}$/.test(given) ? Number(given) : given;
  };

  const recall = () => {
    const { where } = address;
    for (const name of FILTERS) {
      state.filter[name] = where.get(name) ?? "";
      $(name).value = state.filter[name];
    }
    list.selected = entryIn(where);
    address.begin();
    setGroup(where.get("group") ?? "origin");
  };

  // Back or forward, or another address by hand. Where only the entry is another one, the list
  // stays as it is.
  const come = () => {
    const { where } = address;
    const number = entryIn(where);
    state.overview = PHONE.matches && address.isOver && number === null;
    const same = (where.get("group") ?? "origin") === shown.by && FILTERS.every((name) => (where.get(name) ?? "") === state.filter[name]);
    if (!same) {
      recall();
      return;
    }
    list.selected = number;
    address.begin();
    list.select(number, { scroll: number !== null });
    if (number === null && !state.overview) $("list").focus({ preventScroll: true });
  };

  const setTheme = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    $("theme").lastChild.textContent = dark ? "Dark" : "Light";
    return dark;
  };
  const toggleTheme = () => {
    const theme = setTheme(document.documentElement.dataset.theme) ? "light" : "dark";
    setTheme(theme);
    stored("theme", theme);
  };
  const toggleClock = () => {
    state.relative = !state.relative;
    $("clock").lastChild.textContent = state.relative ? "Relative" : "UTC";
    stored("clock", state.relative ? "relative" : "utc");
    refresh();
  };

  const troubled = (told) => told.severity === "error" || told.severity === "warning";
  const keys = {
    j: () => list.move(1),
    ArrowDown: () => list.move(1),
    k: () => list.move(-1),
    ArrowUp: () => list.move(-1),
    n: () => list.move(1, troubled),
    p: () => list.move(-1, troubled),
    g: () => list.edge(1),
    Home: () => list.edge(1),
    G: () => list.edge(-1),
    End: () => list.edge(-1),
    N: () => go(entries.sorted.at(-1)?.number),
    h: () => list.foldSelected(true),
    ArrowLeft: () => list.foldSelected(true),
    l: () => list.foldSelected(false),
    ArrowRight: () => list.foldSelected(false),
    Enter: () => $("detail").focus(),
    "/": () => $("q").focus(),
    c: () => setFilter({}, true),
    o: () => {
      const told = entries.get(list.selected);
      if (page.mitmweb && told?.flow) window.open(flowAddress(told.flow), "mitmweb");
    },
    t: toggleClock,
    d: toggleTheme,
    "?": () => $("keys").showModal(),
    Escape: () => {
      if ($("detail").contains(document.activeElement)) $("list").focus();
      else close();
    },
  };

  const LIST_ONLY = new Set(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"]);

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
    const target = event.target;
    if (target.closest("#notice")) return;
    if (target.matches("input, select, textarea")) {
      if (event.key === "Escape" || (event.key === "Enter" && target.matches("input"))) {
        $("list").focus();
        event.preventDefault();
      }
      return;
    }
    if (LIST_ONLY.has(event.key) && target !== $("list") && target !== document.body) return;
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };

  const wire = () => {
    makeChips();
    const { registration, ...others } = Ara.KINDS;
    const inner = Object.entries(Ara.REGISTERS).map(([kind, label]) => [kind, `\u2002${label}`]);
    options("kind", [["", "any"], ["registration", registration], ...inner, ...Object.entries(others)]);
    options("verdict", [["", "any"], ...Ara.VERDICTS.map((verdict) => [verdict, verdict])]);
    let typing = 0;
    for (const name of FILTERS) {
      $(name).addEventListener("input", () => {
        clearTimeout(typing);
        typing = setTimeout(() => setFilter({ [name]: $(name).value }), 80);
      });
      $(name).addEventListener("focus", () => suggest[name]?.());
    }
    $("group").addEventListener("change", () => setGroup($("group").value));
    $("clear").addEventListener("click", () => setFilter({}, true));
    $("clock").addEventListener("click", toggleClock);
    $("theme").addEventListener("click", toggleTheme);
    $("help").addEventListener("click", keys["?"]);
    $("newest").addEventListener("click", keys.N);
    $("overview").addEventListener("click", () => {
      list.select(null, { scroll: false, tell: false });
      state.overview = true;
      showSide();
    });
    $("more").addEventListener("click", () => {
      const open = document.body.classList.toggle("filters-open");
      $("more").setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("keydown", onKey);
    window.addEventListener("popstate", come);
    setTheme(stored("theme"));
    if (stored("clock") === "utc") toggleClock();
  };

  const status = (kind, word, title = "") => {
    page.offline = kind === "offline";
    $("status").textContent = word;
    $("status").className = kind;
    $("status").title = title;
  };

  // A line above the list: what has happened to the connection, and what can be done about it.
  const notice = (key, ...content) => {
    const line = $("notice");
    if (line.dataset.key === key) return;
    line.dataset.key = key;
    if (line.contains(document.activeElement)) $("list").focus();
    line.hidden = !key;
    line.replaceChildren(...content);
  };

  const captures = (names, choose) => {
    options("capture", names.map((name, index) => [index, Ara.printable(name)]));
    $("capture").hidden = names.length < 2;
    $("capture").addEventListener("change", () => choose(Number($("capture").value)));
  };

  const filterBy = (filter) => {
    // What is asked for is in the list.
    if (PHONE.matches) {
      state.overview = false;
      list.select(null, { scroll: false, tell: false });
    }
    setFilter(filter, true);
  };
  const page = { summary: {}, rules: {}, remarks: [], expectations: null, filter: "", settled: false, mitmweb: false, source: null, entries, shown, list };
  Object.assign(page, { close, filterBy, flow: flowLink, go, jump });
  Object.assign(page, { captures, notice, rearrange, recall, refresh, soon, status, stored });
  const side = new Ara.Side($("detail"), page);
  page.side = side;
  const search = new Ara.Search({ box: $("q"), sheet: $("hints"), unread: $("unread"), entries, onChange: (q) => setFilter({ q }) });
  const exports = new Ara.Exports($("export"), $("exports"), page);
  Ara.page = page;

  $("app").hidden = false;
  wire();
  list.measure();
  const packed = $("packed");
  if (packed) Ara.startSaved(page, packed.textContent);
  else Ara.startLive(page, "/attribution");
  $("list").focus({ preventScroll: true });
})();
