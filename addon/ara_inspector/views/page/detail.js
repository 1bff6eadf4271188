// The right side: one entry in full, or the overview while none is chosen.
"use strict";
(() => {
  const Ara = window.Ara;
  const { block, el, facts, section, side, table } = Ara;
  const LAID_OUT = 200000;
  const DIMMED = 20000;

  // Who wants one header indented wants the next one so as well.
  let indents = false;

  const rawSide = (raw, caption) => {
    const jsonLike = /^\s*[{[]/.test(raw) && raw.length <= LAID_OUT;
    const shown = () => block(indents && jsonLike ? Ara.indented(raw) : raw);
    const figure = side(caption, "as sent", raw, shown());
    if (!jsonLike) return figure;
    const toggle = Ara.button("Indent", "small", () => {
      indents = !indents;
      toggle.setAttribute("aria-pressed", String(indents));
      figure.querySelector("pre").replaceWith(shown());
    });
    toggle.setAttribute("aria-pressed", String(indents));
    figure.querySelector("figcaption").append(toggle);
    return figure;
  };

  const sentMembers = (raw) => {
    try {
      const value = JSON.parse(raw);
      return value && typeof value === "object" && !Array.isArray(value) ? new Set(Object.keys(value)) : null;
    } catch {
      return null;
    }
  };

  // The effective value; members the header did not have are dimmed.
  const effectiveSide = (effective, raw) => {
    const text = Ara.json(effective);
    const sent = Array.isArray(effective) ? null : sentMembers(raw);
    if (!sent || text.length > DIMMED) return side("Effective value", "what the browser uses", text, block(text));
    const pre = el("pre", "");
    pre.tabIndex = 0;
    const members = Object.entries(effective);
    pre.append("{\n");
    members.forEach(([name, value], index) => {
      const comma = index + 1 < members.length ? "," : "";
      const line = `  ${JSON.stringify(name)}: ${Ara.json(value, "  ")}${comma}\n`;
      pre.append(el("span", sent.has(name) ? "" : "defaulted", Ara.printable(line, { lines: true })));
    });
    pre.append("}");
    return side("Effective value", "dimmed: filled in", text, pre);
  };

  const paragraph = (text) => {
    const p = el("p", "");
    text.split(/(`[^`]+`)/).forEach((piece) => {
      p.append(/^`.+`$/s.test(piece) ? el("code", "", piece.slice(1, -1)) : piece);
    });
    return p;
  };

  // A help page's section: paragraphs, lists as written, fenced blocks.
  const prose = (text) =>
    text.split(/```[^\n]*\n?/).flatMap((piece, index) => {
      if (index % 2) return [el("pre", "", Ara.printable(piece.trimEnd(), { lines: true }))];
      return piece.split(/\n{2,}/).filter((part) => part.trim()).map((part) => paragraph(part.trim()));
    });

  const help = (finding, rules) => {
    const page = rules[finding.code];
    const box = el("details", "help", el("summary", "", "Why, and what to do instead"));
    box.dataset.keep = `${finding.code} ${Ara.pointer(finding.path)}`;
    box.addEventListener("toggle", () => {
      if (!box.open || box.childElementCount > 1) return;
      for (const [title, text] of Object.entries(page.sections)) {
        if (title !== "Spec") box.append(el("h4", "", title), ...prose(text));
      }
    });
    return page ? box : null;
  };

  const findingCard = (finding, context) => {
    const { rules, filterBy } = context;
    const place = Ara.pointer(finding.path);
    const ground = finding.ground && `${finding.certainty}: ${finding.ground}`;
    const chip = Ara.button(finding.code, `code ${finding.severity}`, () => filterBy({ code: finding.code }));
    chip.title = "Show all entries with this finding";
    return el(
      "li",
      `finding ${finding.severity}`,
      el(
        "div",
        "finding-head",
        chip,
        el("b", "", finding.name),
        el("span", "severity", finding.severity),
        place && el("code", "place", place),
      ),
      el("p", "", Ara.said(finding.message, context)),
      ground && el("p", "muted", Ara.said(ground, context)),
      el(
        "p",
        "muted",
        finding.issue && `DevTools issue: ${finding.issue} · `,
        Ara.link(finding.spec ?? "", "specification"),
      ),
      help(finding, rules),
    );
  };

  const worstFirst = (findings) => Ara.SEVERITIES.flatMap((severity) => findings.filter((each) => each.severity === severity));

  const findingsPart = (told, context) =>
    told.findings.length > 0 &&
    section(
      Ara.plural(told.findings.length, "finding"),
      el("ul", "findings", ...worstFirst(told.findings).map((finding) => findingCard(finding, context))),
    );

  const siteFact = (site, context) =>
    site &&
    el("span", "", Ara.host(site.value ?? "unknown"), el("span", "muted", " ", Ara.said(`${site.certainty}: ${site.ground}`, context)));

  const chainPart = (number, hop, context) => {
    const told = context.chain(number);
    if (!told || told.about.hops.length < 2) return null;
    return section(
      `Chain c${number}`,
      el("p", "muted", Ara.printable(told.about.totals), " ", Ara.button(`#${told.number}`, "jump", () => context.go(told.number))),
      Ara.chainDiagram(told.about, { ...context, here: hop }),
    );
  };

  const shared = (about, context) => [
    ["URL", about.url && Ara.long(about.url, "url")],
    ["Status", about.status],
    ["Request", about.request],
    ["Reporting origin", about.reporting_origin && Ara.host(about.reporting_origin)],
    ["Flow", about.flow_id && context.flow(about.flow_id, true)],
  ];

  const toEntry = (number, context) => Ara.button(`#${number}`, "jump", () => context.go(number));

  const linkRow = (link, context) => [
    link.role,
    el("span", "", toEntry(link.entry, context), " ", Ara.printable(context.entries.get(link.entry)?.what ?? "")),
    el(
      "span",
      "",
      Ara.said(`${link.certainty}: ${link.ground}`, context),
      link.others.length > 0 && el("span", "muted", " Or: ", ...link.others.flatMap((other) => [toEntry(other, context), " "])),
    ),
  ];

  // Lines that name entries: the names lead there.
  const linked = (lines, context) => {
    const pre = block("", "why");
    const parts = lines.join("\n").split(/(#\d+)/).map((part) => {
      const number = Number(/^#(\d+)$/.exec(part)?.[1]);
      return context.entries.get(number) ? toEntry(number, context) : Ara.printable(part, { lines: true });
    });
    pre.replaceChildren(...parts);
    return pre;
  };

  const piece = (number, pieces, context) =>
    number === null || number === undefined
      ? el("span", "mono", pieces)
      : el("span", "", toEntry(number, context), " ", el("span", "mono", pieces));

  const bucketRow = (bucket, context) => [
    el("span", "mono", bucket.bucket),
    String(bucket.value),
    Ara.printable(bucket.key),
    piece(bucket.source, bucket.source_piece ?? "", context),
    piece(bucket.trigger, bucket.trigger_pieces.join(" | "), context),
  ];

  const proofRow = (proof, context) => [
    toEntry(proof.entry, context),
    `${proof.about} ${proof.outcome}`,
    `${Ara.printable(proof.proven)}${proof.concluded && proof.concluded !== proof.proven ? `, not ${Ara.printable(proof.concluded)}` : ""}`,
  ];

  const eligibility = (about) =>
    about.eligibility === null || about.eligibility === undefined
      ? "no Eligible header"
      : about.eligibility.join(", ") || "nothing";

  const bodies = {
    registration: (told, context) => {
      const about = told.about;
      return [
        el("p", "ground", Ara.said(`${about.certainty}: ${about.ground}`, context)),
        facts([
          ["Site", siteFact(about.context_site, context)],
          ["Page", about.context_site?.page ?? about.context_site?.origin],
          ...shared(about, context),
          ["Eligible for", eligibility(about)],
        ]),
        findingsPart(told, context),
        told.why.length > 0 && section("Attribution", linked(told.why, context)),
        section(
          about.header,
          el(
            "div",
            "sides",
            rawSide(about.raw, "Header"),
            about.effective
              ? effectiveSide(about.effective, about.raw)
              : el("figure", "side", el("figcaption", "", el("b", "", "Effective value")), el("p", "muted", "none: nothing is kept")),
          ),
        ),
        reportsPart(told, context),
        chainPart(about.chain, about.hop, context),
      ];
    },
    silent: (told, context) => [
      el("p", "ground", `The answer had no Register header, though it could have registered: ${told.about.eligibility.join(", ")}.`),
      facts(shared(told.about, context)),
      findingsPart(told, context),
      chainPart(told.about.chain, told.about.hop, context),
    ],
    chain: (told, context) => [
      el("p", "ground", Ara.printable(told.about.totals)),
      facts([
        ["Request", told.about.request],
        ["Reporters", told.about.reporters],
        ["User action", told.about.action && `a${told.about.action}`],
      ]),
      findingsPart(told, context),
      section(Ara.plural(told.about.hops.length, "hop"), Ara.chainDiagram(told.about, context)),
    ],
    action: (told, context) => [
      el("p", "ground", Ara.printable(told.about.sentence)),
      facts([["Navigation", told.about.navigation && Ara.long(told.about.navigation, "url")]]),
      findingsPart(told, context),
      ...told.about.chains.map((number) => {
        const chain = context.chain(number);
        return chain && section(`Chain c${number}`, Ara.chainDiagram(chain.about, context));
      }),
    ],
    report: (told, context) => {
      const { about } = told;
      return [
        facts([
          ["Kind", about.kind],
          ["Delivery", [about.delivery.outcome, about.delivery.status, about.delivery.error].filter(Boolean).join(", ")],
          ["Redirected to", about.delivery.location],
          ["Ledger", about.standing && Ara.STANDINGS[about.standing.standing]],
          ...shared(about, context),
        ]),
        table("Goes back to", ["as", "entry", "because"], about.links.map((link) => linkRow(link, context))),
        table("Proves", ["entry", "", ""], about.proofs.map((proof) => proofRow(proof, context))),
        table("Contributions", ["bucket", "value", "key", "source piece", "trigger pieces"], about.buckets.map((bucket) => bucketRow(bucket, context))),
        findingsPart(told, context),
        section(
          "Body",
          el(
            "div",
            "sides",
            rawSide(about.raw, "Body"),
            about.body && side("Decoded", "", Ara.json(about.body), block(Ara.json(about.body))),
          ),
        ),
      ];
    },
    context: (told, context) => [
      facts([
        ["Registration", Ara.button(`#${told.about.registration}`, "jump", () => context.go(told.about.registration))],
        ["Was taken for", told.about.inferred && Ara.host(told.about.inferred)],
        ["Proven", Ara.host(told.about.proven)],
      ]),
      findingsPart(told, context),
    ],
    browser: (told, context) => [Ara.browserFacts(told.about), findingsPart(told, context)],
    note: (told, context) => [facts(shared(told.about, context)), findingsPart(told, context)],
  };

  const reportsPart = (told, context) => {
    const rows = context.entries.reportsOf(told).map((report) => [
      toEntry(report.number, context),
      Ara.printable(report.what),
      el("span", "", Ara.moment(report.time, context.entries.zero)),
      Ara.printable(report.route),
    ]);
    return table("Reports", ["entry", "kind", "time", ""], rows);
  };

  const heading = (told, context) =>
    el(
      "header",
      "entry-head",
      Ara.button("←", "back", () => context.close()),
      el("h2", "", el("span", "muted", `#${told.number} `), Ara.printable(told.what)),
      told.verdict && Ara.pill(told.verdict, told.sure),
      told.flow && context.jump(told.flow),
    );

  const when = (told, { entries }) =>
    el("p", "muted when", told.time === null ? "no time" : `${Ara.moment(told.time, entries.zero)} · ${Ara.date(told.time)}`);

  // The entries that are shown in full beside this one: the chains it is of.
  Ara.alongside = (told, entries) =>
    told.kind === "chain" ? [] : told.chains.map((number) => entries.chain(number)).filter((chain) => chain && chain.dots.length > 1);

  // An entry in full: what its row says, and `about`, `findings` and `why`.
  Ara.detail = (told, context) => {
    const others = told.flow ? context.entries.sameFlow(context.entries.get(told.number)) : [];
    const ways = others.flatMap((other) => [
      Ara.button(`#${other.number} ${Ara.printable(other.what)}`, "jump", () => context.go(other.number)),
      " ",
    ]);
    return el(
      "article",
      "entry",
      heading(told, context),
      when(told, context),
      ...bodies[told.kind](told, context).filter(Boolean),
      others.length > 0 && section("Same exchange", el("p", "", ...ways)),
    );
  };

  // What its row says, while the rest is not there, and why it is not.
  Ara.outline = (told, reason, context) =>
    el(
      "article",
      "entry",
      heading(told, context),
      when(told, context),
      el("p", "ground", reason),
      facts([
        ["Says", told.route],
        ["Reporting origin", told.origin && Ara.host(told.origin)],
        ["Site", told.site && Ara.host(told.site)],
        ["Findings", told.codes.map(([code]) => code).join(", ")],
      ]),
    );
})();
