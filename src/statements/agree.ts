import { representative, same } from './same.ts'
import type { Act, Agreed, Said, Side } from './model.ts'

type ActOf<K extends Act['act']> = Extract<Act, { act: K }>

interface Acts {
  said: Said[]
  withdrawn: ReadonlySet<string>
  /** The last decision on each statement. */
  accepted: ReadonlyMap<string, boolean>
  settled: ActOf<'settled'>[]
  dissented: ActOf<'dissented'>[]
  contested: ActOf<'contested'>[]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byMoment = (a: { at: string; id: string }, b: { at: string; id: string }) =>
  compare(a.at, b.at) || compare(a.id, b.id)
/** The latest last. */
const bySaid = (a: Said, b: Said) => compare(a.saidOn, b.saidOn) || compare(a.saidAt, b.saidAt) || compare(a.id, b.id)

function sortOut(acts: Iterable<Act>): Acts {
  // Each act once, in an order that is their own: the order in which they come tells nothing.
  const unique = [...new Map([...acts].map((one) => [one.id, one])).values()].sort((a, b) => compare(a.id, b.id))
  const those = <K extends Act['act']>(kind: K) => unique.filter((one): one is ActOf<K> => one.act === kind)
  return {
    said: those('said'),
    withdrawn: new Set(those('withdrawn').map(({ statement }) => statement)),
    accepted: new Map(
      those('moderated')
        .sort(byMoment)
        .map(({ statement, accepted }) => [statement, accepted]),
    ),
    settled: those('settled').sort(byMoment),
    dissented: those('dissented'),
    contested: those('contested').sort(byMoment),
  }
}

/** What was said and counts: not withdrawn, not refused, and accepted where a citizen says it. */
const countedOf = ({ said, withdrawn, accepted }: Acts): Said[] =>
  said.filter(({ id, source }) => !withdrawn.has(id) && (accepted.get(id) ?? source.kind !== 'citizen'))

/** Each body, each known citizen, the subject and the register have one voice; unknown citizens have one together. */
const voiceOf = ({ source, author }: Said) =>
  source.kind === 'body' ? `body ${source.body}` : source.kind === 'citizen' ? `citizen ${author ?? ''}` : source.kind

const isUnknown = ({ value }: Said) => value.kind === 'answer' && value.answer === 'unknown'

/** The last word of each voice, the latest first. Who says "I do not know" is no voice where others know. */
function voicesOf(counted: readonly Said[]): Said[] {
  const last = new Map(counted.toSorted(bySaid).map((one) => [voiceOf(one), one]))
  const voices = [...last.values()].sort((a, b) => bySaid(b, a))
  const knowing = voices.filter((one) => !isUnknown(one))
  return knowing.length > 0 ? knowing : voices
}

/** Voices that say the same, step by step: the same as one of them is enough. */
function groupVoices(voices: readonly Said[]): Said[][] {
  let groups: Said[][] = []
  for (const voice of voices) {
    const [joined, others] = [[] as Said[][], [] as Said[][]]
    for (const group of groups) (group.some(({ value }) => same(value, voice.value)) ? joined : others).push(group)
    groups = [...others, [...joined.flat(), voice].sort((a, b) => bySaid(b, a))]
  }
  return groups
}

function sideOf(voices: readonly Said[]): Side {
  const of = (kind: Said['source']['kind']) => voices.filter(({ source }) => source.kind === kind)
  return {
    value: representative(voices.map(({ value }) => value)),
    support: voices.length,
    bodies: of('body')
      .map(({ source }) => source.body!)
      .sort(compare),
    subject: of('subject').length > 0,
    register: of('register').length > 0,
    citizens: of('citizen').length,
    saidOn: voices[0]!.saidOn,
    statements: voices.map(({ id }) => id).sort(compare),
  }
}

/** The most voices first; then the subject's own, then what was said last. */
const bySupport = (a: Side, b: Side) =>
  b.support - a.support ||
  Number(b.subject) - Number(a.subject) ||
  compare(b.saidOn, a.saidOn) ||
  compare(a.statements[0]!, b.statements[0]!)

/** Whether what a settlement chose is now spoken against: by a body or the subject, since, or by the subject's protest. */
function isReopened(at: string, chosen: Said, voices: readonly Said[], contested: Acts['contested']): boolean {
  const against = voices.filter(({ value }) => !same(value, chosen.value))
  const newer = against.some(
    ({ source, recordedAt }) => recordedAt > at && (source.kind === 'body' || source.kind === 'subject'),
  )
  return newer || (contested.some((one) => one.at > at) && !subjectSays(voices, chosen))
}

const subjectSays = (voices: readonly Said[], chosen: Said) =>
  voices.some(({ source, value }) => source.kind === 'subject' && same(value, chosen.value))

function bySettlement(acts: Acts, counted: readonly Said[], voices: readonly Said[], sides: Side[]): Agreed | null {
  const chosenOf = new Map(counted.map((one) => [one.id, one]))
  const settlement = acts.settled.findLast(({ chosen }) => chosenOf.has(chosen))
  if (!settlement) return null
  const chosen = chosenOf.get(settlement.chosen)!
  const kin = new Set(voices.filter(({ value }) => same(value, chosen.value)).map(({ id }) => id))
  const side = sides.find(({ statements }) => statements.some((id) => kin.has(id)))
  const dissents = acts.dissented.filter((one) => one.settlement === settlement.id).map(({ body }) => body)
  return {
    state: isReopened(settlement.at, chosen, voices, acts.contested) ? 'contested' : 'settled',
    value: chosen.value,
    support: side?.support ?? 0,
    voices: voices.length,
    disagreement: sides.some((one) => one !== side),
    saidOn: side && side.saidOn > chosen.saidOn ? side.saidOn : chosen.saidOn,
    sides,
    settlement: { id: settlement.id, chosen: chosen.id, dissents: [...new Set(dissents)].sort(compare) },
  }
}

function byNumber(acts: Acts, voices: readonly Said[], sides: Side[]): Agreed {
  const [first, second] = sides as [Side, Side | undefined]
  const tied = first.support === second?.support
  const contested = !tied && acts.contested.length > 0 && !first.subject
  return {
    state: tied ? 'tied' : contested ? 'contested' : second ? 'majority' : 'agreed',
    value: tied ? null : first.value,
    support: first.support,
    voices: voices.length,
    disagreement: second !== undefined || contested,
    saidOn: tied ? voices[0]!.saidOn : first.saidOn,
    sides,
    settlement: null,
  }
}

/**
 * The value that comes out of all that was said about one item of one subject; the rule that `/regles/accord` publishes.
 * It depends on the set of acts alone: not on their order, nor on how often one is given. Null when nothing counts.
 *
 * 1. A withdrawn statement was never said; one that was refused, or that a citizen made and nobody accepted, does not count.
 * 2. Each source has one voice, its latest statement: by day, then moment, at which it was said, then id.
 * 3. Voices that say the same are a side (numbers within 5 %, places within 50 m, texts whatever their accents and case).
 * 4. The side with most voices gives the value; where two have as many, there is a disagreement and no value.
 * 5. A settlement holds as long as the statement that it chose, and says so when it is contested later.
 */
export function agree(given: Iterable<Act>): Agreed | null {
  const acts = sortOut(given)
  const counted = countedOf(acts)
  const voices = voicesOf(counted)
  if (voices.length === 0) return null
  const sides = groupVoices(voices).map(sideOf).sort(bySupport)
  return bySettlement(acts, counted, voices, sides) ?? byNumber(acts, voices, sides)
}
