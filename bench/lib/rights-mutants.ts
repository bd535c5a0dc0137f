// Each rule of the decision broken on purpose: a text of decide.ts, and what replaces it.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { decide } from '../../src/accounts/rights/decide.ts'

export type Decide = typeof decide

const source = new URL('../../src/accounts/rights/decide.ts', import.meta.url)

const mutations: [name: string, text: string, broken: string][] = [
  ['the early end is ignored', 'endedAt !== null && moment(endedAt) < moment(endsAt) ? endedAt : endsAt', 'endsAt'],
  [
    'only the early end counts',
    'endedAt !== null && moment(endedAt) < moment(endsAt) ? endedAt : endsAt',
    'endedAt ?? endsAt',
  ],
  ['a convention holds at its end', 'return at < moment(end) ?', 'return at <= moment(end) ?'],
  ['a convention never ends', 'return at < moment(end) ?', 'return true ?'],
  ['a convention misses its start', 'if (moment(convention.startsAt) > at)', 'if (moment(convention.startsAt) >= at)'],
  ['a convention is in force before its start', 'if (moment(convention.startsAt) > at)', 'if (at < 0)'],
  ['an unsigned convention is in force', 'convention.signedAt === null || moment(convention.signedAt) > at', 'at < 0'],
  [
    'a signature counts before it is given',
    'convention.signedAt === null || moment(convention.signedAt) > at',
    'convention.signedAt === null',
  ],
  ['a membership holds at its end', 'at < moment(endsAt)\n', 'at <= moment(endsAt)\n'],
  ['a membership never ends', 'moment(startsAt) <= at && at < moment(endsAt)', 'moment(startsAt) <= at'],
  ['a membership misses its start', 'moment(startsAt) <= at &&', 'moment(startsAt) < at &&'],
  ['a membership holds before its start', 'moment(startsAt) <= at && ', ''],
  ['the role is ignored', '!actionsOf[role].includes(asked.action)', 'asked.at < 0'],
  ['a surveyor validates', "surveyor: ['read', 'contribute']", "surveyor: ['read', 'contribute', 'validate']"],
  ['a reader contributes', "reader: ['read']", "reader: ['read', 'contribute']"],
  [
    'an expert exports',
    "expert: ['read', 'contribute', 'validate']",
    "expert: ['read', 'contribute', 'validate', 'export']",
  ],
  ['another body’s convention serves', 'if (convention.body !== body) continue', ''],
  ['the action of a clause is ignored', 'clause.action !== asked.action', 'asked.at < 0'],
  ['items are ignored', 'if (!opensItem(clause, asked.record))', 'if (asked.at < 0)'],
  ['pillars are not looked at', ' || pillars?.includes(pillar) === true', ''],
  ['items are not looked at', 'items?.includes(item) === true || ', ''],
  ['no items means everything, pillars or not', 'items === null && pillars === null', 'items === null'],
  ['the territory is ignored', 'if (!reaches(clause, asked.record))', 'if (asked.at < 0)'],
  [
    'a record without commune is everywhere',
    'commune !== null && communes?.has(commune) === true',
    'commune === null || communes?.has(commune) === true',
  ],
  ['the purpose is ignored', 'asked.purpose !== undefined && clause.purpose !== asked.purpose', 'asked.at < 0'],
  ['no purpose is refused', 'asked.purpose !== undefined && ', ''],
  [
    'an expert is not limited to his crafts',
    "role !== 'expert' || metiers === null",
    "role !== 'surveyor' || metiers === null",
  ],
  ['every role is limited to crafts', "role !== 'expert' || metiers === null", 'metiers === null'],
  [
    'a record without craft is any craft',
    'metier !== null && metiers.includes(metier)',
    'metier === null || metiers.includes(metier)',
  ],
  ['what one body holds is open to all', 'return record.body === body', 'return true'],
  ['what is secret is open to a clause', 'return person !== null && record.author === person', 'return true'],
  [
    'partners read only their own',
    "if (record.disclosure === 'body')",
    "if (record.disclosure === 'body' || record.disclosure === 'partners')",
  ],
  [
    'what is public is closed',
    "action === 'read' && record.disclosure === 'public'",
    "action === 'read' && record.disclosure === 'public' && standing.person !== null",
  ],
  [
    'all that partners read is public',
    "action === 'read' && record.disclosure === 'public'",
    "action === 'read' && record.disclosure !== 'secret' && record.disclosure !== 'body'",
  ],
  ['whoever is its subject validates', "(action === 'read' || action === 'contribute') && isSubject", 'isSubject'],
  [
    'whoever is its subject only reads',
    "(action === 'read' || action === 'contribute') && isSubject",
    "action === 'read' && isSubject",
  ],
  [
    'any subject with the number is the enterprise',
    "return subject.kind === 'enterprise'\n    ? enterprises.includes(subject.id)\n    : ",
    'return enterprises.includes(subject.id) || ',
  ],
  [
    'any subject with the id is the person',
    "subject.kind === 'person' && subject.id === person",
    'subject.id === person',
  ],
  [
    'an administrator validates what is closed',
    "standing.administrator && action === 'validate' && record.disclosure === 'public'",
    "standing.administrator && action === 'validate'",
  ],
  [
    'an administrator reads what is closed',
    "standing.administrator && action === 'validate' && record.disclosure === 'public'",
    "standing.administrator && (action === 'read' || (action === 'validate' && record.disclosure === 'public'))",
  ],
  [
    'an administrator moderates nothing',
    "standing.administrator && action === 'validate' && record.disclosure === 'public'",
    'record.item === action',
  ],
  [
    'nobody is taken for somebody',
    "if (standing.person === null) return { allowed: false, reason: 'not_signed_in' }",
    '',
  ],
  [
    'the nearest step is told',
    'steps.get(other.reason)! > steps.get(one.reason)!',
    'steps.get(other.reason)! < steps.get(one.reason)!',
  ],
  ['another clause is named', 'clause: clause.id', 'clause: convention.clauses[0]!.id'],
]

export interface Mutant {
  name: string
  decide: Decide
}

/**
 * The decision with one rule broken, a mutant at a time.
 * @throws {Error} when decide.ts no longer holds the text that a mutation replaces, exactly once
 */
export async function* makeMutants(): AsyncIterable<Mutant> {
  const whole = readFileSync(source, 'utf8').replace("'./model.ts'", JSON.stringify(new URL('./model.ts', source).href))
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-mutants-'))
  try {
    for (const [number, [name, text, broken]] of mutations.entries()) {
      if (whole.split(text).length !== 2) throw new Error(`decide.ts holds not once: ${text}`)
      const file = join(folder, `mutant-${number}.ts`)
      writeFileSync(
        file,
        whole.replace(text, () => broken),
      )
      yield { name, decide: ((await import(pathToFileURL(file).href)) as { decide: Decide }).decide }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
