import { agree } from '../agree.ts'
import { metresBetween, type Act, type Agreed, type Said, type Value } from '../model.ts'
import type { Verdict } from './oracle.ts'

/** A value as the oracle writes it: a place by how far it is from those that say the same, as several may be as good. */
function written(value: Value | null, { sides }: Agreed, said: ReadonlyMap<string, Said>, settled: boolean): string {
  if (value === null) return 'null'
  if (value.kind === 'number') return `${Number(value.number.toPrecision(9))} ${value.unit}`
  if (value.kind !== 'place') return JSON.stringify(value)
  const kin = settled ? [] : sides[0]!.statements.map((id) => said.get(id)!.value as typeof value)
  return `${Math.round(kin.reduce((sum, one) => sum + metresBetween(value, one), 0))} m in all`
}

/** What the rule says of a set of acts, in the oracle's words. */
export function verdictOf(acts: readonly Act[]): Verdict | null {
  const agreed = agree(acts)
  if (!agreed) return null
  const said = new Map(acts.filter((act) => act.act === 'said').map((act) => [act.id, act]))
  const settled = agreed.settlement !== null
  return {
    state: agreed.state,
    value: written(agreed.value, agreed, said, settled),
    support: agreed.support,
    voices: agreed.voices,
    disagreement: agreed.disagreement,
    saidOn: settled ? '' : agreed.saidOn,
    sides: agreed.sides.map(({ statements }) => statements.join()).sort(),
  }
}
