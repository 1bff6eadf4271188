// The page put together: filters, keys, the address, and entries as they come.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const $ = (id) => document.getElementById(id);
  const FILTERS = ["q", "kind", "verdict", "severity", "origin", "code"];
  const RETRY = [1000, 2000, 5000, 10000];
  const CHIPS = [
    ["registered", "verdict"],
    ["rejected", "verdict"],
    ["ignored", "verdict"],
    ["unknown", "verdict"],
    ["error", "severity"],
    ["warning", "severity"],
  ];

  const entries = new Ara.Entries();
  const state = { group: "origin", relative: true, filter: Object.fromEntries(FILTERS.map((name) => [name, ""])) };
  let summary = {};
  let rules = {};
  let mitmweb = false;
  let waiting = false;
  let overview = false;

  const stored = (name, value) => {
    try {
      if (value === undefined) return localStorage.getItem(`ara-${name}`);
      localStorage.setItem(`ara-${name}`, value);
    } catch {
      // A file opened from disk may have no storage.
    }
    return null;
  };

  const list = new Ara.List({ list: $("list"), rows: $("rows"), pinned: $("pinned"), onSelect: () => showDetail(true) });

  // The way to a flow: a link into mitmweb's own page, or its id where there is none.
  // mitmweb reads the part after # only while it loads, and drops the query then: with one,
  // a second jump into the same tab loads it again.
  const flowAddress = (id) => `/?attribution#/flows/${encodeURIComponent(id)}/response`;
  const flowLink = (id, long = false) => {
    const label = long ? Ara.printable(id) : "flow";
    if (!mitmweb) return el("span", long ? "mono" : "", long ? label : "");
    const anchor = el("a", long ? "mono" : "", label);
    anchor.href = flowAddress(id);
    anchor.target = "mitmweb";
    return anchor;
  };
  const jump = (id) => {
    if (!mitmweb) return null;
    const anchor = flowLink(id);
    anchor.className = "button jump-out";
    anchor.textContent = "Open in mitmweb";
    return anchor;
  };

  const context = {
    entries,
    flow: flowLink,
    jump,
    get rules() {
      return rules;
    },
    go: (number) => {
      if (!list.places.has(number) && entries.get(number)) setFilter({}, true);
      list.select(number);
    },
    close: () => {
      overview = false;
      list.select(null, { scroll: false });
      $("list").focus();
    },
    filterBy: (filter) => setFilter(filter, true),
  };

  const showDetail = (top) => {
    const told = list.selected === null ? null : entries.get(list.selected);
    const detail = $("detail");
    const at = detail.scrollTop;
    detail.replaceChildren(told ? Ara.detail(told, context) : Ara.overview(entries, summary, context));
    detail.scrollTop = top ? 0 : at;
    document.body.classList.toggle("opened", Boolean(told) || overview);
    detail.dataset.shows = told ? `${told.number}.${told.entry.revision}` : "";
    remember();
  };

  const refresh = () => {
    waiting = false;
    const shown = Ara.matching(entries, state.filter);
    list.show(Ara.grouped(shown, state.group), { zero: state.relative ? entries.zero : null, by: state.group });
    const all = entries.size;
    $("count").textContent = shown.length === all ? Ara.plural(all, "entry").replace("entrys", "entries") : `${shown.length.toLocaleString("en")} of ${all.toLocaleString("en")} entries`;
    $("empty").hidden = shown.length > 0;
    $("empty").textContent = all ? "No entry fits these filters (c clears them)." : "No entries yet.";
    $("sentence").textContent = Ara.printable(summary.sentence ?? "");
    $("sentence").title = $("sentence").textContent;
    showCounts();
    const told = list.selected === null ? null : entries.get(list.selected);
    if (!told || $("detail").dataset.shows !== `${told.number}.${told.entry.revision}`) showDetail(false);
  };

  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(refresh);
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

  const showCounts = () => {
    const counts = entries.counts();
    for (const [name, field] of CHIPS) {
      const chip = $(`chip-${name}`);
      chip.lastChild.textContent = counts[name].toLocaleString("en");
      const pressed = state.filter[field] === name;
      chip.setAttribute("aria-pressed", String(pressed));
      chip.hidden = !counts[name] && !pressed && name === "unknown";
    }
    options("origins", [...counts.origins.keys()].slice(0, 500).map((origin) => [origin, ""]));
    options("codes", [...counts.codes.keys()].sort().map((code) => [code, rules[code]?.name ?? ""]));
  };

  const makeChips = () => {
    for (const [name, field] of CHIPS) {
      const chip = Ara.button(el("span", "", field === "severity" ? `${name}s` : name), `chip ${name}`, () => {
        setFilter({ [field]: state.filter[field] === name ? "" : name });
      });
      chip.id = `chip-${name}`;
      chip.append(el("b", "", "0"));
      $("chips").append(chip);
    }
  };

  const setFilter = (filter, only = false) => {
    if (only) for (const name of FILTERS) state.filter[name] = "";
    Object.assign(state.filter, filter);
    for (const name of FILTERS) $(name).value = state.filter[name];
    refresh();
    remember();
  };

  const setGroup = (group) => {
    if (![...$("group").options].some((option) => option.value === group)) return;
    state.group = group;
    $("group").value = group;
    list.folded.clear();
    refresh();
    if (list.selected !== null) list.reveal(list.selected);
    remember();
  };

  // Where we are goes into the address, so that a reload or a bookmark leads back.
  const remember = () => {
    const where = new URLSearchParams();
    if (list.selected !== null) where.set("entry", list.selected);
    if (state.group !== "origin") where.set("group", state.group);
    for (const name of FILTERS) if (state.filter[name]) where.set(name, state.filter[name]);
    const hash = where.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const recall = () => {
    const where = new URLSearchParams(location.hash.slice(1));
    for (const name of FILTERS) {
      state.filter[name] = where.get(name) ?? "";
      $(name).value = state.filter[name];
    }
    if (where.has("group")) setGroup(where.get("group"));
    const number = Number(where.get("entry"));
    if (number) list.selected = number;
  };

  const setTheme = (theme) => {
    if (theme) document.documentElement.dataset.theme = theme;
    const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    $("theme").textContent = dark ? "Light" : "Dark";
    return dark;
  };
  const toggleTheme = () => {
    const theme = setTheme(document.documentElement.dataset.theme) ? "light" : "dark";
    setTheme(theme);
    stored("theme", theme);
  };
  const toggleClock = () => {
    state.relative = !state.relative;
    $("clock").textContent = state.relative ? "Relative" : "UTC";
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
    h: () => list.foldSelected(true),
    ArrowLeft: () => list.foldSelected(true),
    l: () => list.foldSelected(false),
    ArrowRight: () => list.foldSelected(false),
    Enter: () => $("detail").focus(),
    "/": () => $("q").focus(),
    c: () => setFilter({}, true),
    o: () => {
      const told = entries.get(list.selected);
      if (mitmweb && told?.flow) window.open(flowAddress(told.flow), "mitmweb");
    },
    t: toggleClock,
    d: toggleTheme,
    "?": () => $("keys").showModal(),
    Escape: () => {
      if ($("detail").contains(document.activeElement)) $("list").focus();
      else context.close();
    },
  };

  const LIST_ONLY = new Set(["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "Home", "End", "Enter"]);

  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
    const target = event.target;
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
    options("kind", [["", "any"], ...Object.entries(Ara.KINDS)]);
    options("verdict", [["", "any"], ...Ara.VERDICTS.map((verdict) => [verdict, verdict])]);
    let typing = 0;
    for (const name of FILTERS) {
      $(name).addEventListener("input", () => {
        clearTimeout(typing);
        typing = setTimeout(() => setFilter({ [name]: $(name).value }), 80);
      });
    }
    $("group").addEventListener("change", () => setGroup($("group").value));
    $("clear").addEventListener("click", () => setFilter({}, true));
    $("clock").addEventListener("click", toggleClock);
    $("theme").addEventListener("click", toggleTheme);
    $("help").addEventListener("click", keys["?"]);
    $("overview").addEventListener("click", () => {
      list.select(null, { scroll: false, tell: false });
      overview = true;
      showDetail(true);
    });
    $("more").addEventListener("click", () => {
      const open = document.body.classList.toggle("filters-open");
      $("more").setAttribute("aria-expanded", String(open));
    });
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", (event) => {
      if (!$("export").contains(event.target) || $("exports").contains(event.target)) $("export").open = false;
    });
    setTheme(stored("theme"));
    $("clock").textContent = "Relative";
    if (stored("clock") === "utc") toggleClock();
  };

  const status = (word, title) => {
    $("status").textContent = word;
    $("status").className = word;
    $("status").title = title;
  };

  const download = (label, href, name) => {
    const anchor = el("a", "", label);
    anchor.href = href;
    anchor.download = name;
    $("exports").append(anchor);
  };

  const listen = (base, attempt = 0) => {
    const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}${base}/updates`);
    let greeted = false;
    socket.addEventListener("message", ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "hello") {
        greeted = true;
        mitmweb = message.mitmweb;
        entries.clear();
        status("live", "Connected; new entries appear by themselves");
      } else if (message.type === "entries") entries.add(message.entries);
      else if (message.type === "summary") {
        summary = message.summary;
        if (message.first) entries.forgetBefore(message.first);
        if (list.selected === null) $("detail").dataset.shows = "stale";
      }
      soon();
    });
    socket.addEventListener("close", () => {
      status("offline", "The proxy does not answer; trying again");
      const next = greeted ? 0 : attempt + 1;
      setTimeout(() => listen(base, next), RETRY[Math.min(next, RETRY.length - 1)]);
    });
  };

  const startLive = async (base) => {
    for (const [label, name] of [["JSON", "attribution.json"], ["JSON lines", "attribution.jsonl"], ["HTML report", "attribution.html"], ["CSV", "attribution.csv"]]) {
      download(label, `${base}/export/${name}`, name);
    }
    status("connecting", "");
    listen(base);
    try {
      rules = await (await fetch(`${base}/rules.json`)).json();
      soon();
    } catch {
      // Findings are shown without their help pages then.
    }
  };

  const showCapture = (capture) => {
    summary = capture.summary;
    entries.clear();
    entries.add(capture.entries);
    list.folded.clear();
    refresh();
    if (list.selected !== null) list.reveal(list.selected);
  };

  const startReport = (data) => {
    rules = data.rules;
    status("report", "A saved report; nothing is live here");
    const blob = new Blob([JSON.stringify(data, null, 1)], { type: "application/json" });
    download("JSON", URL.createObjectURL(blob), "attribution.json");
    options("capture", data.captures.map((capture, index) => [index, Ara.printable(capture.name)]));
    $("capture").hidden = data.captures.length < 2;
    $("capture").addEventListener("change", () => {
      list.selected = null;
      showCapture(data.captures[Number($("capture").value)]);
    });
    recall();
    showCapture(data.captures[0]);
  };

  $("app").hidden = false;
  wire();
  list.measure();
  const embedded = $("data");
  if (embedded) startReport(JSON.parse(embedded.textContent));
  else {
    recall();
    refresh();
    startLive("/attribution");
  }
  $("list").focus({ preventScroll: true });
  Ara.page = { entries, list, refresh };
})();
