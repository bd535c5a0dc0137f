import type { Act, Said, Value } from '../model.ts'

/** Rules that a wrong program could have instead: the cases must tell each of them apart. */
export const mutations = [
  'withdrawnCounts',
  'pendingCounts',
  'firstModeration',
  'everyStatementVotes',
  'citizensShareAVoice',
  'latestRecorded',
  'unknownVotes',
  'tieGivesFirst',
  'neverReopens',
  'citizenReopens',
  'firstSettlement',
  'settlementOutlivesChoice',
  'contestIgnored',
  'contestAgainstItself',
  'noTolerance',
  'wideTolerance',
  'unitsIgnored',
  'textsExact',
  'placesExact',
  'lowMedian',
] as const
export type Mutation = (typeof mutations)[number]

export interface Verdict {
  state: string
  value: string
  support: number
  voices: number
  disagreement: boolean
  saidOn: string
  sides: string[]
}

const factors: Record<string, number> = { m: 1, cm: 0.01, km: 1000, kg: 1 }
const letters = (text: string) => text.toLowerCase().replaceAll('à', 'a').replaceAll('é', 'e').match(/\S+/g)!.join(' ')
/** Metres on a flat Earth, which is exact enough for places a few hundred metres apart near 44.02° north. */
const apart = (a: { lon: number; lat: number }, b: { lon: number; lat: number }) =>
  Math.hypot((a.lon - b.lon) * 79_962, (a.lat - b.lat) * 111_195)

function alike(a: Value, b: Value, wrong?: Mutation): boolean {
  if (a.kind === 'number' && b.kind === 'number') {
    const plain = wrong === 'unitsIgnored'
    if (!plain && (a.unit === 'kg') !== (b.unit === 'kg')) return false
    const [x, y] = [a, b].map((one) => one.number * (plain ? 1 : factors[one.unit]!)) as [number, number]
    const share = wrong === 'noTolerance' ? 0 : wrong === 'wideTolerance' ? 0.06 : 0.05
    return Math.abs(x - y) <= share * Math.max(Math.abs(x), Math.abs(y)) + 1e-12
  }
  if (a.kind === 'place' && b.kind === 'place') return apart(a, b) <= (wrong === 'placesExact' ? 0 : 50)
  if (a.kind === 'text' && b.kind === 'text' && wrong !== 'textsExact') return letters(a.text) === letters(b.text)
  return JSON.stringify(a) === JSON.stringify(b)
}

const half = (list: number[], wrong?: Mutation) =>
  (list[Math.floor((list.length - 1) / 2)]! + list[wrong === 'lowMedian' ? 0 : Math.floor(list.length / 2)]!) / 2

/** The value of a side whose voices are given, the latest first. */
function valueOf(side: Said[], wrong?: Mutation): string {
  const { value } = side[0]!
  if (value.kind === 'number') {
    const all = side.map((one) => one.value as typeof value)
    const shared = new Set(all.map(({ unit }) => unit)).size === 1
    const list = all.map(({ number, unit }) => (shared ? number : number * factors[unit]!)).sort((x, y) => x - y)
    const unit = shared || value.unit === 'kg' ? value.unit : 'm'
    return `${Number(half(list, wrong).toPrecision(9))} ${unit}`
  }
  if (value.kind === 'place') {
    const all = side.map((one) => one.value as typeof value)
    const far = (one: typeof value) => Math.round(all.reduce((sum, other) => sum + apart(one, other), 0))
    const least = Math.min(...all.map(far))
    return `${least} m in all`
  }
  return JSON.stringify(value)
}

/**
 * The rule of agreement written a second time and otherwise: tables, closures and filters over the whole set.
 * @param wrong one part of the rule to get wrong
 */
export function judge(acts: readonly Act[], wrong?: Mutation): Verdict | null {
  const is = (mutation: Mutation) => wrong === mutation
  const latest = (a: Said) => (is('latestRecorded') ? a.recordedAt : a.saidOn + a.saidAt) + a.id
  const all = acts.filter((act) => act.act === 'said').sort((a, b) => (latest(a) < latest(b) ? 1 : -1))
  const decision = (id: string) => {
    const made = acts.filter((act) => act.act === 'moderated' && act.statement === id) as (Act & { act: 'moderated' })[]
    made.sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1))
    return made.at(is('firstModeration') ? 0 : -1)?.accepted
  }
  const stands = all.filter(
    ({ id, source }) =>
      (is('withdrawnCounts') || !acts.some((act) => act.act === 'withdrawn' && act.statement === id)) &&
      (decision(id) ?? (is('pendingCounts') || source.kind !== 'citizen')),
  )
  const speaker = ({ source, author, id }: Said) =>
    is('everyStatementVotes')
      ? id
      : [source.kind, source.body, source.kind === 'citizen' && !is('citizensShareAVoice') ? author : null].join()
  let voices = stands.filter((one, at) => stands.findIndex((other) => speaker(other) === speaker(one)) === at)
  const sure = voices.filter(({ value }) => !JSON.stringify(value).includes('unknown'))
  if (sure.length > 0 && !is('unknownVotes')) voices = sure
  if (voices.length === 0) return null
  // Reachability (Warshall): who says the same as somebody who says the same…
  const link = voices.map((a) => voices.map((b) => alike(a.value, b.value, wrong)))
  for (const k of voices.keys())
    for (const i of voices.keys()) for (const j of voices.keys()) link[i]![j] ||= link[i]![k]! && link[k]![j]!
  const sides = [...new Set(link.map((row) => voices.filter((_, j) => row[j])))]
    .filter((side, at, list) => list.findIndex((other) => other.every((one, n) => one === side[n])) === at)
    .sort((a, b) => b.length - a.length)
  const count = {
    voices: voices.length,
    sides: sides
      .map((side) =>
        side
          .map(({ id }) => id)
          .sort()
          .join(),
      )
      .sort(),
  }
  const protests = (acts.filter((act) => act.act === 'contested') as { at: string }[]).filter(
    () => !is('contestIgnored'),
  )
  const owner = (value: Value) =>
    !is('contestAgainstItself') && voices.some((one) => one.source.kind === 'subject' && alike(one.value, value, wrong))

  const settlements = acts.filter((act) => act.act === 'settled') as (Act & { act: 'settled' })[]
  settlements.sort((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1))
  const pool = is('settlementOutlivesChoice') ? all : stands
  const valid = settlements.filter(({ chosen }) => pool.some(({ id }) => id === chosen))
  const settled = valid.at(is('firstSettlement') ? 0 : -1)
  if (settled) {
    const choice = pool.find(({ id }) => id === settled.chosen)!
    const agreeing = new Set(voices.filter(({ value }) => alike(value, choice.value, wrong)))
    const possible = sides.filter((side) => side.some((one) => agreeing.has(one)))
    const most = Math.max(0, ...possible.map((side) => side.length))
    const reopened = voices.some(
      (one) =>
        !agreeing.has(one) &&
        one.recordedAt > settled.at &&
        (is('citizenReopens') || ['body', 'subject'].includes(one.source.kind)),
    )
    const protested = protests.some(({ at }) => at > settled.at) && !owner(choice.value)
    const state = (reopened || protested) && !is('neverReopens') ? 'contested' : 'settled'
    return {
      ...count,
      state,
      value: valueOf([choice]),
      support: most,
      disagreement: sides.length > (most > 0 ? 1 : 0),
      saidOn: '',
    }
  }
  const best = sides.filter((side) => side.length === sides[0]!.length)
  const tied = best.length > 1 && !is('tieGivesFirst')
  const [first] = sides as [Said[]]
  const own = first.some(({ source }) => source.kind === 'subject') && !is('contestAgainstItself')
  const contested = !tied && protests.length > 0 && !own
  return {
    ...count,
    state: tied ? 'tied' : contested ? 'contested' : sides.length > 1 ? 'majority' : 'agreed',
    value: tied ? 'null' : valueOf(first, wrong),
    support: first.length,
    disagreement: contested || sides.length > 1,
    saidOn: tied
      ? voices
          .map(({ saidOn }) => saidOn)
          .sort()
          .at(-1)!
      : first
          .map(({ saidOn }) => saidOn)
          .sort()
          .at(-1)!,
  }
}
