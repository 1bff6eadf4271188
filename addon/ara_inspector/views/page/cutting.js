// Files of some entries, cut out of the texts that a saved report holds. Values are not read, so
// no number in them loses a digit. No elements here.
"use strict";
(() => {
  const Ara = window.Ara;
  const SCHEMA = "ara-inspector/entry/1";
  const LINE_END = "\r\n";

  // The members of a JSON list, given without its brackets, each as it is written.
  const members = (text) => {
    const found = [];
    let depth = 0;
    let start = 0;
    for (let at = 0; at < text.length; at += 1) {
      const character = text[at];
      if (character === '"') {
        for (at += 1; text[at] !== '"'; at += 1) if (text[at] === "\\") at += 1;
      } else if (character === "{" || character === "[") depth += 1;
      else if (character === "}" || character === "]") depth -= 1;
      else if (character === "," && !depth) {
        found.push(text.slice(start, at));
        start = at + 1;
      }
    }
    found.push(text.slice(start));
    return found;
  };

  // Entries as JSON lines (contract 3): what their rows say, around what they are about.
  // `capture` is the name of the recording where there are several.
  Ara.jsonLines = async (packed, full, rows, capture) => {
    const frame = capture === null ? { schema: SCHEMA } : { schema: SCHEMA, capture };
    const wanted = new Map(rows.map((row) => [row.number, row]));
    const lines = [];
    for (const { kind, at } of full) {
      for (const about of members(await packed.text(at))) {
        const row = wanted.get(JSON.parse(about).entry);
        if (!row || row.kind !== kind) continue;
        const { number, revision, time, origin, verdict, severity } = row;
        const head = { ...frame, number, revision, time, kind, reporting_origin: origin || null, verdict: verdict || null, severity: severity || null };
        lines.push([number, `${JSON.stringify(head).slice(0, -1)},"${kind}":${about}}\n`]);
      }
    }
    const inOrder = lines.sort(([one], [other]) => one - other).map(([, line]) => line);
    return new Blob(inOrder, { type: "application/jsonl" });
  };

  // Some lines of a CSV file under its first one; no cell in it has a line end. `places` are
  // where the entries are among all of the file.
  Ara.csvLines = (text, places) => {
    const lines = text.split(LINE_END);
    const kept = [lines[0], ...places.map((place) => lines[place + 1])];
    return new Blob([kept.join(LINE_END), LINE_END], { type: "text/csv" });
  };
})();
