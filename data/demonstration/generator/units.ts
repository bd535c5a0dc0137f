import { distanceToBorder, isInside } from './borders.ts'
import type { Names } from './names.ts'
import type { Place, Street } from './places.ts'
import type { Random } from './random.ts'
import type { Trade } from './trades.ts'
import type { EstablishmentRecord } from '../../../src/registry/sirene/model.ts'
import type { EmployeeBand } from '../../../src/registry/model.ts'
import type { Point } from './voronoi.ts'

/** From kilometres around the middle of the territory to degrees. */
export type ToCoordinates = (point: Point) => { lon: number; lat: number }

/** A unit of the register before it has a number. */
export type Draft = Pick<EstablishmentRecord, 'state' | 'diffusion' | 'name' | 'communeCode' | 'closedOn'> &
  Partial<EstablishmentRecord> & { naf: string; createdOn: string; updatedAt: string }

interface Circumstances {
  random: Random
  names: Names
  toCoordinates: ToCoordinates
}

const companyForms: [code: string, weight: number][] = [
  ['5499', 56],
  ['5710', 24],
  ['5720', 17],
  ['5458', 3],
]
const staffOfCompany: [EmployeeBand, number][] = [
  ['NN', 22],
  ['00', 8],
  ['01', 34],
  ['02', 17],
  ['03', 10],
  ['11', 6],
  ['12', 2.4],
  ['21', 0.6],
]
const staffOfPerson: [EmployeeBand, number][] = [
  ['NN', 76],
  ['00', 7],
  ['01', 14],
  ['02', 3],
]
const association = '9220'
const cooperative = '5458'

const day = 86_400_000
const lastDay = Date.UTC(2026, 9, 30)
const isoDate = (time: number) => new Date(time).toISOString().slice(0, 10)
const isoTime = (random: Random) =>
  [random.integer(7, 19), random.integer(0, 59), random.integer(0, 59)]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')

const weighted = <T>(random: Random, list: [T, number][]): T => random.weighted(list, ([, weight]) => weight)[0]

/** A day since 1962, the more likely the more recent: few enterprises last long. */
function creationDay(random: Random, meanYears: number): number {
  const years = -Math.log(1 - random.next()) * meanYears
  return years < 64
    ? lastDay - random.integer(0, 180) * day - Math.floor(years * 365.25) * day
    : creationDay(random, meanYears)
}

function life(random: Random, person: boolean): Pick<Draft, 'state' | 'createdOn' | 'closedOn' | 'updatedAt'> {
  const created = creationDay(random, person ? 9 : 14)
  const isClosed = random.chance(0.075) && created < lastDay - 400 * day
  const closed = Math.max(created + 300 * day, lastDay - random.integer(1, 3600) * day)
  const updated = Math.max(isClosed ? closed : created, lastDay - random.integer(0, 900) * day)
  return {
    state: isClosed ? 'closed' : 'open',
    createdOn: isoDate(created),
    closedOn: isClosed ? isoDate(closed) : null,
    updatedAt: `${isoDate(updated)}T${isoTime(random)}`,
  }
}

/** Shops prefer the village, workshops the hamlets and business parks. */
function chooseStreet(random: Random, trade: Trade, { streets }: Place): Street {
  const isWorkshop = trade.sector === 'building' || trade.sector === 'making'
  return random.weighted(streets, ({ scattered }) => (scattered ? (isWorkshop ? 2 : 0.5) : 1))
}

/** Address and place: known to the house, to the street, or only to the commune. */
function settle({ random, toCoordinates }: Circumstances, street: Street, place: Place): Partial<Draft> {
  const number = random.integer(1, 48)
  const numbered = !street.scattered && random.chance(0.94)
  const addressLine = numbered ? `${number}${random.chance(0.05) ? ' bis' : ''} ${street.name}` : street.name
  const knowledge = random.next()
  if (knowledge < 0.12) return { addressLine: random.chance(0.5) ? null : addressLine, positionQuality: 'none' }
  const precise = numbered && knowledge < 0.84
  const along = precise ? number / 24 - 1 : 0
  const aside = street.scattered ? 0.09 : 0.012
  for (let i = 0; i < 200; i++) {
    const x = street.middle[0] + street.reach[0] * along + random.between(-aside, aside)
    const y = street.middle[1] + street.reach[1] * along + random.between(-aside, aside)
    if (isInside([x, y], place.ring) && distanceToBorder([x, y], place.ring) > 0.02)
      return { addressLine, ...toCoordinates([x, y]), positionQuality: precise ? 'address' : 'street' }
  }
  throw new Error(`${street.name} leaves ${place.name}`)
}

function chooseName({ random, names }: Circumstances, trade: Trade, commune: string, person: boolean): string | null {
  if (person) return random.chance(0.3) ? names.sign(trade) : null
  return (random.chance(0.4) ? names.sign(trade) : null) ?? names.described(trade, commune)
}

/** Invents one unit of a trade in a commune. Whoever opposes diffusion has neither name nor address. */
export function draftUnit(circumstances: Circumstances, trade: Trade, place: Place): Draft {
  const { random } = circumstances
  const person = !random.chance(trade.companies)
  const partial = random.chance(person ? 0.14 : 0.015)
  const legalCategory = person ? '1000' : trade.naf === '94.99Z' ? association : weighted(random, companyForms)
  const shown = {
    name: chooseName(circumstances, trade, place.name, person),
    postcode: place.postcode,
    ...settle(circumstances, chooseStreet(random, trade, place), place),
  }
  return {
    ...life(random, person),
    ...(partial ? { name: null } : shown),
    diffusion: partial ? 'partial' : 'full',
    naturalPerson: person,
    legalCategory,
    headquarters: true,
    communeCode: place.code,
    naf: trade.naf,
    naf2025: random.chance(0.6) ? trade.naf2025 : null,
    aprm: random.chance(0.5) ? trade.aprm : null,
    employees: random.chance(0.04) ? null : weighted(random, person ? staffOfPerson : staffOfCompany),
    ess: person ? null : legalCategory === association || legalCategory === cooperative,
  }
}
