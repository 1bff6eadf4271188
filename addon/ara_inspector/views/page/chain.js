// A redirect chain as a line of hops.
"use strict";
(() => {
  const Ara = window.Ara;
  const { el } = Ara;
  const CUT = 40;

  const stationOf = (hop) => {
    const verdicts = hop.registrations.map((registration) => registration.verdict);
    return ["rejected", "ignored", "registered", "unknown"].find((v) => verdicts.includes(v)) ?? "none";
  };

  const said = (hop, go) => {
    if (!hop.registrations.length) {
      const could = hop.eligibility?.length ? `nothing (eligible for ${hop.eligibility.join(", ")})` : "nothing";
      return el("span", "muted", could);
    }
    const parts = hop.registrations.map((registration) =>
      el(
        "span",
        "came",
        registration.kind,
        " ",
        Ara.pill(registration.verdict),
        " ",
        Ara.button(`#${registration.entry}`, "jump", () => go(registration.entry)),
      ),
    );
    return el("span", "", ...parts);
  };

  // `here` is the hop to stand out; `go` leads to an entry, `flow` makes the way to a flow.
  Ara.chainDiagram = (chain, { go, flow, here = null }) => {
    const list = el("ol", "hops");
    for (const hop of chain.hops) {
      const url = Ara.printable(hop.url);
      const address = el("span", "address", url.length > 400 ? url.slice(0, 400) + "…" : url);
      address.title = url.slice(0, 2000);
      const facts = [hop.method, hop.status ?? "no answer"];
      if (hop.milliseconds !== undefined && hop.milliseconds !== null) facts.push(`${Math.round(hop.milliseconds)} ms`);
      const station = el(
        "li",
        `hop ${stationOf(hop)}${hop.hop === here ? " here" : ""}`,
        el("i", "station"),
        el(
          "div",
          "stop",
          el("div", "where", el("b", "", `${hop.hop}`), " ", el("span", "host", Ara.host(hop.reporting_origin ?? hop.url.slice(0, CUT)))),
          el("div", "facts muted", Ara.printable(facts.join(" · ")), " ", flow(hop.flow_id)),
          address,
          el("div", "said", said(hop, go)),
        ),
      );
      if (hop.hop === here) station.setAttribute("aria-current", "step");
      list.append(station);
    }
    return el("div", "chain", list, el("p", "ended muted", Ara.printable(chain.ended)));
  };
})();
