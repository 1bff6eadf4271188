// The filter language of `ara_filter` and `check --filter`, for rows: reading it, and whether a
// row fits. The same as views/selection.py, held against the same cases. No elements here.
"use strict";
(() => {
  const Ara = window.Ara;
  const TERM = /(-?)(?:([a-z]+):(?!\/\/))?(?:"([^"]*)"|(\S+))/g;

  const isOfHost = (origin, wanted) => {
    if (wanted.includes("://")) return origin === wanted.replace(/\/+$/, "");
    const host = (origin.split("://")[1] ?? "").split(":")[0].toLowerCase();
    return host === wanted || host.endsWith(`.${wanted}`);
  };

  const origins = (told) => (told.origins.length > 0 ? told.origins : [told.origin]);

  // What each key asks of a row: from a value to the test for it.
  const TESTS = {
    origin: (value) => {
      const wanted = value.includes("://") ? value : value.toLowerCase();
      return (told) => origins(told).some((origin) => origin && isOfHost(origin, wanted));
    },
    site: (value) => {
      const wanted = value.includes("://") ? value : value.toLowerCase();
      return (told) => told.registers !== "" && told.site !== "" && isOfHost(told.site, wanted);
    },
    kind: (value) => (told) => told.kind === value || told.registers === value,
    verdict: (value) => (told) => told.verdict === value,
    severity: (value) => {
      const least = Ara.SEVERITIES.indexOf(value);
      return (told) => told.severity !== "" && Ara.SEVERITIES.indexOf(told.severity) <= least;
    },
    code: (value) => {
      const wanted = value.toUpperCase();
      return (told) => told.codes.some(([code]) => code.startsWith(wanted));
    },
    text: (value) => {
      const wanted = Ara.printable(value).toLowerCase();
      return (told) => told.text.includes(wanted);
    },
  };

  // What may stand after a key, where that is a closed list.
  const WORDS = {
    kind: [...Object.keys(Ara.KINDS), ...Object.keys(Ara.REGISTERS)],
    verdict: Ara.VERDICTS,
    severity: Ara.SEVERITIES,
  };

  // Why a term cannot be read; empty where it can.
  const wrong = (key, values) => {
    if (!Object.hasOwn(TESTS, key)) return `${key}: is no filter; there are ${Object.keys(TESTS).map((name) => `${name}:`).join(", ")} and plain text`;
    const allowed = WORDS[key];
    if (!values.length) return `${key}: wants ${allowed ? `one of ${allowed.join(", ")}` : "a value"}`;
    const unknown = allowed && values.find((value) => !allowed.includes(value));
    return unknown === undefined ? "" : `${key}:${unknown}: ${key} is one of ${allowed.join(", ")}`;
  };

  const termOf = ([written, not, named, quoted, bare = ""]) => {
    let key = named ?? "text";
    let values = quoted === undefined ? bare.split(",").filter(Boolean) : [quoted];
    if (!named && bare.endsWith(":") && Object.hasOwn(TESTS, bare.slice(0, -1))) {
      key = bare.slice(0, -1);
      values = [];
    }
    return { written, key, values, negated: not === "-", wrong: wrong(key, values) };
  };

  // The terms of a filter, each with why it cannot be read.
  Ara.readFilter = (text) => [...text.matchAll(TERM)].map(termOf);

  // A value under a key, as the language writes it.
  Ara.term = (key, value) => `${key}:${/[\s"]|^\/\//.test(value) ? `"${value.replaceAll('"', "")}"` : value}`;

  // Whether a row fulfils all terms that can be read; null where every row does.
  Ara.fitting = (terms) => {
    const tests = terms.filter((term) => !term.wrong).map(({ key, values, negated }) => {
      const any = values.map(TESTS[key]);
      return (told) => any.some((test) => test(told)) !== negated;
    });
    return tests.length > 0 ? (told) => tests.every((test) => test(told)) : null;
  };
})();
