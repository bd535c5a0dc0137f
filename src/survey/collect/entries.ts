import { derivedId } from '../deliveries/ids.ts'
import type { AnswerEntry, Entry } from '../model.ts'
import type { CollectedVisit } from './model.ts'

/** Whom a visit is about: a SIRET, or the code of the commune of somebody who has a name. */
export type VisitTarget = { siret: string } | { commune: string }

/**
 * What a visit brings, as a surveyor's device would send it. Ids follow from the submission, the body and what is said: the
 * same file brings the same entries again, a corrected answer is a new one.
 */
export function entriesOf(visit: CollectedVisit, target: VisitTarget, body: string | null): Entry[] {
  const { instance, at, guide, name, metier, answers } = visit
  const contribution = derivedId('collect', instance, 'siret' in target ? target.siret : target.commune, body ?? '')
  const base = { contribution, at: at! }
  const prospect = derivedId(contribution, 'prospect')
  const opened: Entry = {
    ...base,
    id: derivedId(contribution, 'open'),
    type: 'open',
    target: 'siret' in target ? { siret: target.siret } : { prospect },
    guide,
    mode: 'full',
    body,
  }
  const said = answers.map(({ item, value }): AnswerEntry => ({
    ...base,
    id: derivedId(contribution, item, JSON.stringify(value)),
    type: 'answer',
    item,
    value,
    comment: null,
  }))
  if ('siret' in target) return [opened, ...said]
  const created: Entry = {
    ...base,
    id: prospect,
    type: 'prospect',
    name,
    commune: target.commune,
    address: null,
    metier,
    body,
  }
  return [created, opened, ...said]
}
