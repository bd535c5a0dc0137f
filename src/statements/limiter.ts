import { tooMany } from './errors.ts'

const hour = 3_600_000

/** Lets so many acts an hour pass from each address; it forgets them when the program stops. */
export class HourlyLimiter {
  readonly #most: number
  readonly #times = new Map<string, number[]>()

  constructor(most: number) {
    this.#most = most
  }

  /** @throws {UserError} 429 */
  pass(address: string, now = Date.now()): void {
    for (const [key, times] of this.#times) if (times.at(-1)! <= now - hour) this.#times.delete(key)
    const recent = (this.#times.get(address) ?? []).filter((time) => time > now - hour)
    if (recent.length >= this.#most) throw tooMany()
    this.#times.set(address, [...recent, now])
  }
}
