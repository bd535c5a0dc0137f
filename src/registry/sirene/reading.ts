import { Issues } from './issues.ts'
import type { EnterpriseRecord, EstablishmentRecord, PositionRecord } from './model.ts'
import { NumberSet } from './number-set.ts'

/** What became of a row. */
export type Outcome = 'accepted' | 'refused' | 'outOfScope'

/** Takes the rows of one file. */
export interface Taker {
  take(fields: readonly string[], line: number): Outcome
}

export interface ReadingOptions {
  departement: string | null
  /** Latest date that a row may hold, YYYY-MM-DD. */
  today: string
  /** Whether StockUniteLegale follows, which will tell the signs that may be shown. */
  unitsFollow: boolean
}

/** What one reading of several files keeps: the batch under way, and what was seen. */
export class Reading {
  readonly departement: string | null
  readonly today: string
  readonly issues = new Issues()
  establishments: EstablishmentRecord[] = []
  enterprises: EnterpriseRecord[] = []
  positions: PositionRecord[] = []
  readonly #sirets = new NumberSet()
  readonly #sirens = new NumberSet()
  /** Signs by SIREN, each as the JSON of a SIRET and its signs: a fresh text, which holds no block of the file in memory. */
  readonly #signs: Map<number, string[]> | null

  constructor({ departement, today, unitsFollow }: ReadingOptions) {
    this.departement = departement
    this.today = today
    this.#signs = unitsFollow ? new Map() : null
  }

  /** False when the SIRET was accepted before. */
  rememberEstablishment(siret: string, siren: string): boolean {
    this.#sirens.add(Number(siren))
    return this.#sirets.add(Number(siret))
  }

  rememberSigns(siren: string, siret: string, signs: string[]) {
    if (!this.#signs) return
    const text = JSON.stringify([siret, ...signs])
    const others = this.#signs.get(Number(siren))
    if (others) others.push(text)
    else this.#signs.set(Number(siren), [text])
  }

  /** The signs of a unit's establishments, the last of each SIRET. */
  signsOf(siren: string): Map<string, string[]> {
    const texts = this.#signs?.get(Number(siren)) ?? []
    return new Map(
      texts.map((text) => {
        const [siret, ...signs] = JSON.parse(text) as [string, ...string[]]
        return [siret, signs]
      }),
    )
  }

  hasEstablishments(): boolean {
    return this.#sirets.size > 0
  }

  hasSiret(siret: string): boolean {
    return this.#sirets.has(Number(siret))
  }

  hasSiren(siren: string): boolean {
    return this.#sirens.has(Number(siren))
  }

  get waiting(): number {
    return this.establishments.length + this.enterprises.length + this.positions.length + this.issues.length
  }

  /** The batch under way; the next one starts empty. */
  takeBatch() {
    const { establishments, enterprises, positions } = this
    this.establishments = []
    this.enterprises = []
    this.positions = []
    return { kind: 'batch', establishments, enterprises, positions, issues: this.issues.take() } as const
  }
}
