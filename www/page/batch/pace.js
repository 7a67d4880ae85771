// How fast a batch goes, by its last pictures.

const REMEMBERED = 30;
/** Fewer say too little. */
const LEAST = 4;

export class Pace {
  /** When the last pictures were done. @type {number[]} */
  #times = [];

  count(now = performance.now()) {
    this.#times.push(now);
    if (this.#times.length > REMEMBERED) this.#times.shift();
  }

  /** Forgets: what was before a pause says nothing. */
  restart() {
    this.#times = [];
  }

  /** Pictures a second; null while it cannot be said. */
  get rate() {
    const { length } = this.#times;
    if (length < LEAST) return null;
    const seconds = (this.#times[length - 1] - this.#times[0]) / 1000;
    return seconds > 0 ? (length - 1) / seconds : null;
  }

  /** Seconds that so many pictures will take; null while it cannot be said. @param {number} pictures */
  left(pictures) {
    return this.rate && pictures / this.rate;
  }
}
