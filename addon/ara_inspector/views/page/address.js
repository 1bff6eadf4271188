// Where the reader is, in the address and the history: a reload or a bookmark leads back, and the
// way back leads from what lies over the list, as on a phone, to the list. No elements here.
"use strict";
(() => {
  const Ara = window.Ara;
  const WHILE = 30000;
  const CHANGES = 80;
  const PAUSE = 400;

  const addressOf = (where) => {
    const hash = where.toString();
    return hash ? `#${hash}` : location.pathname + location.search;
  };

  class Address {
    // `tell` says what is to be remembered, and whether something lies over the list.
    constructor(tell) {
      this.tell = tell;
      this.over = false;
      this.written = [];
      this.later = 0;
    }

    // Who comes by an address that leads to an entry goes back to where they came from.
    begin() {
      this.over = this.tell().over;
    }

    // Browsers take so many changes in a while and no more: who holds a key down is written when
    // done.
    keep() {
      const now = performance.now();
      clearTimeout(this.later);
      this.written = this.written.filter((time) => now - time < WHILE);
      if (this.written.length >= CHANGES) {
        this.later = setTimeout(() => this.keep(), PAUSE);
        return;
      }
      this.written.push(now);
      const { over, where } = this.tell();
      const address = addressOf(where);
      const opens = over && !this.over && !this.isOver;
      this.over = over;
      if (!opens) {
        history.replaceState(over ? history.state : null, "", address);
        return;
      }
      where.delete("entry");
      history.replaceState(null, "", addressOf(where));
      history.pushState({ over: true }, "", address);
    }

    // Whether the way back leads to the list.
    get isOver() {
      return history.state?.over === true;
    }

    get where() {
      return new URLSearchParams(location.hash.slice(1));
    }
  }

  Ara.Address = Address;
})();
