/**
 * Where the row of each id is: an open-addressing hash table of slots (Knuth, TAOCP 6.4, linear probing and
 * multiplicative hashing), 8 bytes a row where a Map takes 50. The ids themselves are read in the rows' column.
 */
export class SlotTable {
  #table: Uint32Array
  #used = 0

  /** @param size rows expected; more may come */
  constructor(size: number) {
    this.#table = new Uint32Array(2 ** Math.ceil(Math.log2(Math.max(32, size * 2))))
  }

  /** Place in the table of an id, or the free one where it belongs. A slot is stored plus one: zero is free. */
  #find(ids: Uint32Array, id: number): number {
    const mask = this.#table.length - 1
    let place = Math.imul(id, 0x9e3779b1) >>> (Math.clz32(mask) & 31)
    while (this.#table[place] !== 0 && ids[this.#table[place]! - 1] !== id) place = (place + 1) & mask
    return place
  }

  /** The slot of an id: the last one that was put, or -1. */
  get(ids: Uint32Array, id: number): number {
    return this.#table[this.#find(ids, id)]! - 1
  }

  /** Makes a slot the one of its id. */
  put(ids: Uint32Array, slot: number): void {
    if (this.#used * 2 >= this.#table.length) this.#grow(ids)
    const place = this.#find(ids, ids[slot]!)
    if (this.#table[place] === 0) this.#used++
    this.#table[place] = slot + 1
  }

  #grow(ids: Uint32Array): void {
    const old = this.#table
    this.#table = new Uint32Array(old.length * 2)
    for (const stored of old) if (stored !== 0) this.#table[this.#find(ids, ids[stored - 1]!)] = stored
  }
}
