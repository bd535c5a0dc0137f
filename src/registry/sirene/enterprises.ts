import type { Diffusion } from '../model.ts'
import type { Index } from './cells.ts'
import { withheldOfUnits, type EnterpriseColumn } from './columns.ts'
import { publicName, publicSign } from './names.ts'
import { NumberSet } from './number-set.ts'
import type { Outcome, Reading, Taker } from './reading.ts'
import { Row } from './row.ts'
import { compact, isSiren } from './siret.ts'
import { diffusionOfStatus, essOf, holderOfRow, legalCategoryOf, naturalPersonOf, usualNamesOf } from './unit.ts'

/** Makes enterprises of the legal units of which establishments were accepted. */
export class EnterpriseTaker implements Taker {
  readonly #row: Row<EnterpriseColumn>
  readonly #reading: Reading
  readonly #taken = new NumberSet()

  constructor(file: string, index: Index<EnterpriseColumn>, reading: Reading) {
    this.#row = new Row<EnterpriseColumn>(index, withheldOfUnits, {
      file,
      issues: reading.issues,
      today: reading.today,
    })
    this.#reading = reading
  }

  take(fields: readonly string[], line: number): Outcome {
    const row = this.#row
    row.load(fields)
    row.line = line
    const siren = compact(row.get('siren'))
    if (!isSiren(siren)) {
      row.refuse('siren', /^\d{9}$/.test(siren) ? 'siren.checksum' : 'siren.format')
      return 'refused'
    }
    if (!this.#reading.hasSiren(siren)) return 'outOfScope'
    if (!this.#taken.add(Number(siren))) {
      row.refuse('siren', 'siren.duplicate')
      return 'refused'
    }
    this.#reading.enterprises.push(this.#record(siren))
    return 'accepted'
  }

  #record(siren: string) {
    const row = this.#row
    const legalCategory = legalCategoryOf(row)
    const naturalPerson = naturalPersonOf(row, legalCategory)
    const diffusion = this.#diffusion()
    const shown = diffusion === 'full'
    const legalNames = () => [row.text('denominationUniteLegale'), ...usualNamesOf(row)]
    return {
      siren,
      naturalPerson,
      legalCategory,
      legalName: shown && naturalPerson === false ? publicName(legalNames()) : null,
      diffusion,
      ess: essOf(row),
      signNames: shown && naturalPerson !== null ? this.#signs(siren, naturalPerson) : [],
    }
  }

  #diffusion(): Diffusion {
    const told = diffusionOfStatus(this.#row.get('statutDiffusionUniteLegale'))
    if (told === null) this.#row.warn('statutDiffusionUniteLegale', 'diffusion.unknown')
    return told === 'full' && !this.#row.anyWithheld ? 'full' : 'partial'
  }

  #signs(siren: string, naturalPerson: boolean) {
    const usual = naturalPerson ? usualNamesOf(this.#row) : []
    const holder = naturalPerson ? holderOfRow(this.#row) : null
    return [...this.#reading.signsOf(siren)].flatMap(([siret, signs]) => {
      const name = naturalPerson ? publicSign([...signs, ...usual], holder) : publicName(signs)
      return name ? [{ siret, name }] : []
    })
  }
}
