// What captures were expected to hold, in the overview of a saved report: first what is not met.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const MET_SHOWN = 200;
  const LED_TO = 10;
  const PLACE = /^ {2}[+=] #(\d+)\b/gm;

  const head = (verdict, word, text, written) =>
    el(
      "div",
      "finding-head",
      el("span", `pill ${verdict}`, word),
      el("span", "expected", Ara.printable(text)),
      el("span", "severity", Ara.printable(written)),
    );

  // The entries that come closest, or are too many; in several captures numbers lead nowhere.
  const places = (text, context) => {
    const numbers = [...new Set([...text.matchAll(PLACE)].map((found) => Number(found[1])))].slice(0, LED_TO);
    const shown = numbers.filter((number) => context.entries.get(number));
    return shown.length > 0 && el("p", "muted", "Entries ", ...shown.map((number) => [Ara.button(`#${number}`, "jump", () => context.go(number)), " "]));
  };

  const unmet = ({ text }, written, context, alone) => {
    const [first, ...lines] = text.split("\n");
    const rest = lines.map((line) => line.replace(/^ {2}/, "")).join("\n");
    return el(
      "li",
      "finding error",
      head("rejected", "not met", first, written),
      rest && Ara.block(rest),
      alone && places(text, context),
    );
  };

  const met = ({ about, likely }, written) =>
    el("li", "finding met", head("registered", "met", about, written), ...likely.map((told) => el("p", "muted", Ara.printable(told))));

  Ara.expectations = ({ file, judged, alone }, context) => {
    const written = ({ line }) => (line === null ? file : `${file}, line ${line}`);
    const failed = judged.filter((one) => one.text);
    const passed = judged.filter((one) => !one.text);
    const more = passed.length - MET_SHOWN;
    return Ara.section(
      "Expectations",
      el("p", "muted outcome", `${passed.length.toLocaleString("en")} of ${judged.length.toLocaleString("en")} met`),
      el(
        "ul",
        "findings",
        ...failed.map((one) => unmet(one, written(one), context, alone)),
        ...passed.slice(0, MET_SHOWN).map((one) => met(one, written(one))),
      ),
      more > 0 && el("p", "muted", `and ${more.toLocaleString("en")} more that are met`),
    );
  };
})();
