import type { OpenEntry } from '../../model.ts'
import type { Contribution } from '../device/fold.ts'
import type { RowState } from '../device/journal.ts'

/** A contribution that says whom it is about: one that can be shown, and gone on with. */
export type Visit = Contribution & { open: OpenEntry }

export const isVisit = (one: Contribution): one is Visit => one.open !== null

/** What became of a visit, the worst first: a refusal is to be read, then what is to send, then what waits at the server. */
export const stateOf = ({ counts }: Pick<Visit, 'counts'>): RowState =>
  counts.refused > 0 ? 'refused' : counts.waiting > 0 ? 'waiting' : counts.held > 0 ? 'held' : 'sent'

/** Answers in force and agreements in a state, over visits. */
export const countOf = (visits: readonly Visit[], state: RowState): number =>
  visits.reduce(
    (sum, { answers, consent }) =>
      sum + [...answers.values()].filter((one) => one.state === state).length + (consent?.state === state ? 1 : 0),
    0,
  )

const sittingMs = 60_000
const byOpening = (a: Visit, b: Visit) => (a.open.at < b.open.at ? -1 : 1)

/**
 * Visits as the list shows them, the last touched first. Those of one sitting around a screen, in mode `group`, in the
 * name of one body and opened less than a minute apart, stand together.
 */
export function sittingsOf(visits: readonly Visit[]): Visit[][] {
  const sittings: Visit[][] = []
  for (const visit of visits.filter(({ open }) => open.mode === 'group').toSorted(byOpening)) {
    const last = sittings.at(-1)?.at(-1)?.open
    const near = last && Date.parse(visit.open.at) - Date.parse(last.at) < sittingMs
    if (near && last.body === visit.open.body) sittings.at(-1)!.push(visit)
    else sittings.push([visit])
  }
  const alone = visits.filter(({ open }) => open.mode !== 'group').map((visit) => [visit])
  const lastOf = (sitting: readonly Visit[]) =>
    sitting.reduce((last, { lastAt }) => (lastAt > last ? lastAt : last), '')
  return [...sittings, ...alone].toSorted((a, b) => (lastOf(a) < lastOf(b) ? 1 : -1))
}

/** The visit to go on with when an enterprise is chosen again on the same day, in the same mode and name. */
export const sameDayVisit = (
  visits: readonly Visit[],
  { siret, mode, body, day }: { siret: string; mode: OpenEntry['mode']; body: string | null; day: string },
): Visit | null =>
  visits.find(
    ({ open }) =>
      'siret' in open.target &&
      open.target.siret === siret &&
      open.mode === mode &&
      open.body === body &&
      open.at.startsWith(day),
  ) ?? null
