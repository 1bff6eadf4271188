// A live page and its proxy: taking what comes, and telling how the connection stands.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const MANY = 500;
  const QUIET = 1000;
  const AHEAD = 250;

  const logIn = (live) => {
    const field = el("input", "");
    Object.assign(field, { placeholder: "token, password or address", autocomplete: "off", spellcheck: false });
    field.setAttribute("aria-label", "Token");
    const said = el("span", "");
    const form = el("form", "", field, Ara.button("Connect", "", () => form.requestSubmit()), said);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.textContent = (await live.logIn(field.value)) ? "" : "That does not let you in.";
    });
    return form;
  };

  // What a page says while it has no connection, by the reason.
  const REASONS = {
    again: () => ["The connection broke; connecting again."],
    gone: (live, since) => [`The proxy has not answered since ${since}. What it told until then stays here; trying again. If it is elsewhere now, open the address it prints.`],
    absent: () => ["What answers here now has no inspector in it; trying again."],
    token: (live) => ["The proxy was started again and asks you to log in: open the address it printed, or give its token here.", logIn(live)],
  };
  const ANOTHER = "The proxy was started again: this is a new session. What the one before told is no longer shown.";

  Ara.startLive = (page, base) => {
    const { entries, list, notice, shown, status, stored } = page;
    let ready = false;
    let expected = 0;
    let quiet = 0;
    let since = "";

    // While nothing comes, what was told is fetched in full, a little at a time.
    const fetchAhead = async () => {
      if (document.hidden) return;
      try {
        if (await live.ahead(entries.sorted)) quiet = setTimeout(fetchAhead, AHEAD);
      } catch {
        // The proxy is away; who listens to it tells so.
      }
    };

    const fetchRules = async () => {
      try {
        page.rules = await live.rules();
        page.side.stale();
        page.soon();
      } catch {
        // Findings are shown without their help pages then.
      }
    };

    const live = new Ara.Live(base, {
      hello: (message, another) => {
        page.mitmweb = message.mitmweb;
        expected = message.entries;
        ready = list.live = page.settled = false;
        const before = stored("session", undefined, "sessionStorage");
        stored("session", message.session, "sessionStorage");
        notice("");
        if (another) {
          notice("another", ANOTHER, Ara.button("Close", "small", () => notice("")));
          entries.clear();
          list.folded.clear();
        }
        // In another session a number means another entry.
        if (before !== null && before !== message.session) list.selected = null;
        if (another || !Object.keys(page.rules).length) fetchRules();
        page.rearrange();
      },
      rows: (rows) => {
        for (const told of entries.add(rows, ready ? performance.now() : 0)) shown.keepUp(told);
        if (!ready) status("connecting", `loading ${Math.min(9, Math.floor((10 * entries.size) / Math.max(1, expected)))}0 %`);
        clearTimeout(quiet);
        quiet = setTimeout(fetchAhead, QUIET);
        page.soon();
      },
      summary: (message) => {
        page.summary = message.summary;
        entries.begin(message.summary.started);
        const gone = message.first ? entries.forgetBefore(message.first) : [];
        if (gone.length > MANY) page.rearrange();
        else for (const told of gone) shown.remove(told);
        if (!page.side.chosen) page.side.stale();
        page.soon();
      },
      ready: () => {
        ready = page.settled = true;
        status("live", "live", "Connected; new entries appear by themselves");
        page.refresh();
        list.live = true;
        if (list.chosen) list.reveal(list.selected);
        page.soon();
      },
      lost: (reason) => {
        if (live.attempt === 1) since = new Date().toTimeString().slice(0, 8);
        status("offline", "offline", "No connection to the proxy; trying again");
        notice(reason, ...REASONS[reason](live, since));
      },
    });

    page.source = live;
    status("connecting", "connecting");
    page.recall();
    live.listen();
  };
})();
