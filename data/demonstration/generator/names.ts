import type { Random } from './random.ts'
import { readToponyms } from './tables.ts'
import type { Trade } from './trades.ts'

/** « de » before a commune's name: du Moulin-Perdu, d’Ocrevieille, de La Navette, de Maistrance. */
function ofPlace(name: string): string {
  const short = name.replace(/-sur-Ouvre$/, '')
  if (short.startsWith('Le ')) return `du ${short.slice(3)}`
  if (short.startsWith('Les ')) return `des ${short.slice(4)}`
  return /^[AEIOUÉÈ]/.test(short) ? `d’${short}` : `de ${short}`
}

/** Gives each enterprise a name that no other one has. */
export class Names {
  readonly #given = new Set<string>()
  readonly #signs = new Map<Trade, string[]>()
  readonly #landmarks = readToponyms('landmark')
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  /** A sign such as « La Mie Rêveuse », or null when those of the trade are all given. */
  sign(trade: Trade): string | null {
    const left = this.#signs.get(trade) ?? this.#random.shuffled(trade.signs)
    this.#signs.set(trade, left)
    return left.pop() ?? null
  }

  /** A trade and a place, such as « Menuiserie du Vieux Pont ». */
  described(trade: Trade, commune: string): string {
    for (;;) {
      const where = this.#random.chance(0.4) ? ofPlace(commune) : this.#random.pick(this.#landmarks)
      const name = `${this.#random.pick(trade.words)} ${where}`
      if (this.#given.has(name)) continue
      this.#given.add(name)
      return name
    }
  }
}
