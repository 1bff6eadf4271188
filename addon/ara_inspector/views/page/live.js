// Where a live page has its entries from: rows as they come, an entry in full when asked for,
// and the way back after the proxy was away. No elements here.
"use strict";
(() => {
  const Ara = window.Ara;
  const RETRY = [500, 1000, 2000, 3000, 5000];
  const KEPT = 1000;
  const AT_ONCE = 32;

  const TOKEN = /[?&]token=([^&#\s]+)/;

  class Live {
    // `on` takes what happens: hello, rows, summary, ready, and lost with the reason.
    constructor(base, on) {
      Object.assign(this, { base, on });
      this.missing = "The rest of this entry was not fetched while the proxy was there.";
      this.session = null;
      this.kept = new Map();
      this.attempt = 0;
      this.timer = 0;
      this.socket = null;
      // Who comes back to the page does not want to wait for the next try.
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.hurry());
      window.addEventListener("focus", () => this.hurry());
    }

    listen() {
      clearTimeout(this.timer);
      this.timer = 0;
      const socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}${this.base}/updates`);
      this.socket = socket;
      socket.addEventListener("message", ({ data }) => this.take(JSON.parse(data)));
      socket.addEventListener("close", () => this.lose());
    }

    take(message) {
      if (message.type === "hello") {
        this.attempt = 0;
        const another = this.session !== null && this.session !== message.session;
        if (another) this.kept.clear();
        this.session = message.session;
        this.on.hello(message, another);
      } else if (message.type === "rows") this.on.rows(message.rows);
      else if (message.type === "summary") this.on.summary(message);
      else if (message.type === "ready") this.on.ready();
    }

    async lose() {
      this.timer = setTimeout(() => this.listen(), RETRY[Math.min(this.attempt, RETRY.length - 1)]);
      this.attempt += 1;
      this.on.lost(await this.reason());
    }

    hurry() {
      if (this.timer) this.listen();
    }

    // A WebSocket does not tell why it was refused; an ordinary request does.
    async reason() {
      try {
        const { status } = await fetch(this.base, { cache: "no-store", redirect: "manual" });
        return { 200: "again", 403: "token", 404: "absent" }[status] ?? "gone";
      } catch {
        return "gone";
      }
    }

    // Logs in with a token or password, or with an address that has one; tells whether it was right.
    async logIn(text) {
      const found = TOKEN.exec(text);
      try {
        const token = found ? decodeURIComponent(found[1]) : text.trim();
        const answer = await fetch(this.base, { headers: { Authorization: `Bearer ${token}` }, cache: "no-store" });
        if (answer.ok) this.hurry();
        return answer.ok;
      } catch {
        return false;
      }
    }

    async rules() {
      const answer = await fetch(`${this.base}/rules.json`);
      if (!answer.ok) throw new Error(answer.statusText);
      return answer.json();
    }

    has(row) {
      return this.kept.get(row.number)?.entry.revision >= row.revision;
    }

    // Fetches some of the newest rows in full before anybody asks, so that they can be read when
    // the proxy is away; tells whether there is more to fetch.
    async ahead(sorted) {
      const missing = [];
      for (let at = sorted.length - 1; at >= 0 && at >= sorted.length - KEPT && missing.length < AT_ONCE; at -= 1) {
        if (!this.has(sorted[at])) missing.push(sorted[at]);
      }
      if (missing.length) await this.load(missing);
      return missing.length === AT_ONCE;
    }

    // Entries in full by their numbers, as new as the rows that are given; throws without a proxy.
    async load(rows) {
      const missing = rows.filter((row) => !this.has(row));
      const { session } = this;
      for (let at = 0; at < missing.length; at += AT_ONCE) {
        const numbers = missing.slice(at, at + AT_ONCE).map((row) => row.number);
        const answer = await fetch(`${this.base}/entries/${numbers.join(",")}`);
        if (!answer.ok) throw new Error(answer.statusText);
        const came = await answer.json();
        if (came.session !== session || this.session !== session) throw new Error("another session");
        for (const shown of came.entries) this.keep(shown);
      }
      return new Map(rows.map((row) => [row.number, this.kept.get(row.number)]));
    }

    keep(shown) {
      const { number } = shown.entry;
      this.kept.delete(number);
      this.kept.set(number, shown);
      if (this.kept.size > KEPT) this.kept.delete(this.kept.keys().next().value);
    }

    // The proxy reads the same filter as the page.
    exports({ entries, shown, filter }) {
      const kinds = { JSON: "json", "JSON lines": "jsonl", "HTML report": "html", CSV: "csv" };
      const made = (title, name, query) => ({
        title,
        files: Object.entries(kinds).map(([label, ending]) => ({
          label,
          name: `${name}.${ending}`,
          address: `${this.base}/export/attribution.${ending}${query}`,
        })),
      });
      const all = made(`All (${entries.size.toLocaleString("en")})`, "attribution", "");
      if (!filter) return [all];
      const query = `?filter=${encodeURIComponent(filter)}`;
      return [made(`Shown (${shown.size.toLocaleString("en")})`, "attribution-shown", query), all];
    }
  }

  Ara.Live = Live;
})();
