// The right side while no entry is chosen: the session in numbers.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const ORIGINS_SHOWN = 200;

  const tiles = (told) =>
    el(
      "ul",
      "tiles",
      ...told.map(([name, number, title = ""]) => {
        const tile = el("li", "", el("b", "", (number ?? 0).toLocaleString("en")), el("span", "muted", name));
        tile.title = title;
        return tile;
      }),
    );

  const findings = (counts, context) => {
    const order = ([, one], [, other]) =>
      Ara.SEVERITIES.indexOf(one.severity) - Ara.SEVERITIES.indexOf(other.severity) || other.entries - one.entries;
    return [...counts.codes].sort(order).map(([code, { severity, entries }]) => [
      Ara.button(code, `code ${severity}`, () => context.filterBy({ code })),
      context.rules[code]?.name ?? "",
      entries.toLocaleString("en"),
    ]);
  };

  const origins = (counts, context) =>
    [...counts.origins]
      .filter(([, told]) => Ara.VERDICTS.some((verdict) => told[verdict]))
      .slice(0, ORIGINS_SHOWN)
      .map(([origin, told]) => [
        Ara.button(Ara.host(origin), "jump", () => context.filterBy({ origin })),
        ...Ara.VERDICTS.map((verdict) => (told[verdict] ? el("span", `figure ${verdict}`, String(told[verdict])) : "")),
      ]);

  Ara.numbered = ({ sorted }) => (sorted.length > 0 ? `#${sorted[0].number} to #${sorted.at(-1).number}` : "");

  // In the place of an entry that does not exist.
  Ara.absent = (number, { close, entries }) => {
    const there = Ara.numbered(entries);
    return el(
      "article",
      "entry",
      el("header", "entry-head", Ara.button("←", "back", close), el("h2", "", `No entry ${Ara.printable(number)}`)),
      el("p", "ground", there ? `There is no entry ${Ara.printable(number)} here: those there are have the numbers ${there}.` : "There are no entries yet."),
      el("p", "", Ara.button("Overview", "", close)),
    );
  };

  Ara.overview = (entries, summary, context) => {
    const { counts } = entries;
    const dropped = Object.entries(summary.dropped ?? {}).filter(([, number]) => number);
    return el(
      "article",
      "entry overview",
      el("header", "entry-head", Ara.button("←", "back", () => context.close()), el("h2", "", "Overview")),
      summary.sentence && el("p", "ground", Ara.printable(summary.sentence)),
      context.remarks.length > 0 && el("ul", "remarks", ...context.remarks.map((remark) => el("li", "", Ara.printable(remark)))),
      context.expectations && Ara.expectations(context.expectations, context),
      tiles([
        ["exchanges", summary.exchanges],
        ["eligible", summary.eligible],
        ["registrations", Object.values(summary.verdicts ?? {}).reduce((sum, number) => sum + number, 0)],
        ["redirect chains", summary.chains, "Of more than one hop; numbers such as c9 count every request with what follows it"],
        ["silent hops", summary.silent],
        ["reports", summary.reports],
      ]),
      Ara.table("Report ledger", ["", "reports"], Object.entries(summary.ledger ?? {}).map(([standing, number]) => [Ara.STANDINGS[standing] ?? standing, number.toLocaleString("en")])),
      dropped.length > 0 &&
        el("p", "muted", `Dropped to keep memory bounded: ${dropped.map(([what, number]) => `${number.toLocaleString("en")} ${what}`).join(", ")}.`),
      ...(summary.browsers ?? []).map((browser) => Ara.section(Ara.printable(browser.name), Ara.browserFacts(browser))),
      Ara.table("Findings", ["code", "", "entries"], findings(counts, context)),
      Ara.table("Reporting origins", ["origin", ...Ara.VERDICTS], origins(counts, context)),
      !entries.size && !(context.source instanceof Ara.Saved) && el("p", "muted", "Nothing yet. Entries appear as soon as traffic with Attribution Reporting headers passes the proxy."),
    );
  };
})();
