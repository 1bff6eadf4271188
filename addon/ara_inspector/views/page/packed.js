// What lies packed in a saved report: a piece a line, gzip in base64, unpacked when asked for.
// The last piece says what the others hold. No elements here.
"use strict";
(() => {
  const Ara = window.Ara;

  class Packed {
    // Browsers have been able to unpack since 2023 (Chrome since 2020).
    static get possible() {
      return typeof DecompressionStream === "function";
    }

    constructor(text) {
      this.lines = text.split("\n");
    }

    unpacked(at) {
      const packed = Uint8Array.from(atob(this.lines[at]), (character) => character.charCodeAt(0));
      return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
    }

    held() {
      return this.unpacked(this.lines.length - 1).json();
    }

    json(at) {
      return this.unpacked(at).json();
    }

    text(at) {
      return this.unpacked(at).text();
    }

    // The members of a list that goes on in other pieces.
    async list(at) {
      return JSON.parse(`[${await this.text(at)}]`);
    }

    // A long text out of its parts, pieces by their number, for a file: it is nowhere in memory
    // as a whole, and never read, so no number in it loses a digit.
    async file(parts, type) {
      const made = [];
      for (const part of parts) made.push(typeof part === "number" ? await this.unpacked(part).blob() : part);
      return new Blob(made, { type });
    }
  }

  Ara.Packed = Packed;
})();
