// Text and elements: everything that reaches the page goes through here as text, never as markup.
"use strict";
(() => {
  const Ara = (window.Ara = window.Ara || {});

  // What a reader could be fooled by: controls, bidirectional marks, lone surrogates,
  // unassigned code points and blanks that are no space. The same set as Python's isprintable().
  const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

  const escaped = (character) => {
    const code = character.codePointAt(0);
    if (code <= 0xff) return "\\x" + code.toString(16).padStart(2, "0");
    if (code <= 0xffff) return "\\u" + code.toString(16).padStart(4, "0");
    return "\\U" + code.toString(16).padStart(8, "0");
  };

  Ara.printable = (text, { lines = false } = {}) =>
    String(text).replace(UNPRINTABLE, (c) => (lines && c === "\n" ? c : escaped(c)));

  // An element with its class and children; strings become text nodes.
  Ara.el = (tag, className, ...children) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== false) element.append(child);
    }
    return element;
  };

  Ara.button = (label, className, action) => {
    const button = Ara.el("button", className, label);
    button.type = "button";
    button.addEventListener("click", action);
    return button;
  };

  // Only addresses of ours (rules, this page) become links; never one from the wire.
  Ara.link = (address, label) => {
    if (!address.startsWith("https://")) return Ara.el("span", "", label);
    const anchor = Ara.el("a", "", label);
    anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    return anchor;
  };

  Ara.host = (origin) => Ara.printable(String(origin).replace(/^https:\/\//, ""));

  Ara.plural = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

  // Where a report stands, in the words of the table.
  Ara.STANDINGS = {
    "expected-and-seen": "expected and seen",
    "expected-and-not-yet-due": "not yet due",
    overdue: "overdue",
    "seen-and-possible-by-chance": "possible by chance",
    "seen-but-unexplained": "unexplained",
  };

  const two = (number) => String(number).padStart(2, "0");

  const span = (seconds) => {
    const ms = Math.round(seconds * 1000);
    const [days, hours] = [Math.floor(ms / 86_400_000), Math.floor(ms / 3_600_000) % 24];
    const rest = `${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
    return days ? `${days}d ${two(hours)}:${rest}` : `${hours}:${rest}`;
  };

  // Seconds after `zero` (from an hour on with hours and days), or the time of day (UTC) without one.
  Ara.moment = (time, zero) => {
    if (time === null || time === undefined) return "–";
    if (zero !== null) {
      const gone = Math.abs(time - zero);
      const sign = time < zero ? "−" : "+";
      return sign + (gone < 3600 ? gone.toFixed(3) : span(gone));
    }
    const date = new Date(time * 1000);
    const ms = String(date.getUTCMilliseconds()).padStart(3, "0");
    return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${ms}Z`;
  };

  Ara.date = (time) => new Date(time * 1000).toISOString().replace("T", " ").replace("Z", " UTC");

  Ara.pointer = (path) =>
    (path || [])
      .map((step) => (typeof step === "number" ? `[${step}]` : "." + Ara.printable(step)))
      .join("")
      .replace(/^\./, "");

  // A value as JSON on several lines; short lists of plain values stay on one.
  Ara.json = (value, lead = "") => {
    if (value === null || typeof value !== "object") return JSON.stringify(value);
    const list = Array.isArray(value);
    const inner = lead + "  ";
    const parts = Object.entries(value).map(([name, member]) =>
      (list ? "" : JSON.stringify(name) + ": ") + Ara.json(member, inner),
    );
    const [open, close] = list ? "[]" : "{}";
    if (!parts.length) return open + close;
    const line = parts.join(", ");
    if (list && line.length < 60 && !value.some((member) => member && typeof member === "object")) {
      return open + line + close;
    }
    return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${lead}${close}`;
  };

  // JSON text laid out without reading its values: 64-bit numbers stay as they were sent.
  Ara.indented = (text) => {
    let out = "";
    let depth = 0;
    const line = () => "\n" + "  ".repeat(Math.min(depth, 40));
    const tokens = text.match(/"(?:[^"\\]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/gs) || [];
    tokens.forEach((token, position) => {
      if (token === "{" || token === "[") {
        const closes = tokens[position + 1] === (token === "{" ? "}" : "]");
        depth += 1;
        out += token + (closes ? "" : line());
      } else if (token === "}" || token === "]") {
        depth = Math.max(0, depth - 1);
        const opened = tokens[position - 1] === (token === "}" ? "{" : "[");
        out += (opened ? "" : line()) + token;
      } else if (token === ",") out += token + line();
      else if (token === ":") out += ": ";
      else out += token;
    });
    return out;
  };
})();
