import { Names } from './names.ts'
import type { Place } from './places.ts'
import { createRandom, type Random } from './random.ts'
import { lastRank, sirenOf, siretOf } from './siret.ts'
import { readTrades, share, type Trade } from './trades.ts'
import { draftUnit, type Draft, type ToCoordinates } from './units.ts'

/** Units of each sector; `none` is no craft. */
const counts = { building: 211, services: 159, making: 79, food: 79, none: 72 }
/** Units that declare no commune. */
const withoutCommune = 4

export type Unit = Draft & { siret: string }

interface Enterprise {
  siren: string
  establishments: number
  main: Draft
}

function chooseCommune(random: Random, trade: Trade, places: readonly Place[]): Place {
  const homes = places.filter(({ name }) => trade.places.includes(name))
  if (homes.length > 0 && random.chance(0.4)) return random.pick(homes)
  return random.weighted(places, ({ population }) => population ** 0.85)
}

const isPlainCompany = (draft: Draft) =>
  draft.naturalPerson === false && draft.diffusion === 'full' && draft.ess === false

/** Numbers that grow with time, as Insee gives them; some companies have a second establishment. */
function number(drafts: readonly Draft[], random: Random): Unit[] {
  const companies = new Map<string, Enterprise[]>()
  return drafts.map((draft, index) => {
    const sameTrade = companies.get(draft.naf) ?? []
    companies.set(draft.naf, sameTrade)
    if (isPlainCompany(draft) && sameTrade.length > 0 && random.chance(0.1)) {
      const { siren, main, establishments } = random.pick(sameTrade)
      const { name, legalCategory } = main
      sameTrade.splice(0, sameTrade.length, ...sameTrade.filter((one) => one.siren !== siren))
      return { ...draft, siret: siretOf(siren, establishments + 1), name, legalCategory, headquarters: false }
    }
    const siren = sirenOf(1 + Math.ceil((index * (lastRank - 2)) / drafts.length))
    const establishments = random.chance(0.8) ? 1 : 2
    if (isPlainCompany(draft) && draft.state === 'open') sameTrade.push({ siren, establishments, main: draft })
    return { ...draft, siret: siretOf(siren, establishments) }
  })
}

/** The fictional register, in the order of SIRET. */
export function makeEnterprises(places: readonly Place[], toCoordinates: ToCoordinates): Unit[] {
  const random = createRandom('enterprises')
  const circumstances = { random, names: new Names(random), toCoordinates }
  const trades = readTrades()
  const planned = Object.entries(counts).flatMap(([sector, total]) => {
    const shares = share(
      trades.filter((trade) => (trade.sector ?? 'none') === sector),
      total,
    )
    return [...shares].flatMap(([trade, count]) => Array.from({ length: count }, () => trade))
  })
  const drafts = random
    .shuffled(planned)
    .map((trade) => draftUnit(circumstances, trade, chooseCommune(random, trade, places)))
  for (const draft of drafts.filter(({ diffusion }) => diffusion === 'partial').slice(0, withoutCommune))
    draft.communeCode = null
  drafts.sort((a, b) => (a.createdOn < b.createdOn ? -1 : a.createdOn > b.createdOn ? 1 : 0))
  return number(drafts, random).sort((a, b) => (a.siret < b.siret ? -1 : 1))
}
