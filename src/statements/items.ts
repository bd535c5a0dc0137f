import type { Executor } from '#platform'
import { unknownItem } from './errors.ts'
import type { Item, Label, SubjectFacts, Value } from './model.ts'

/** What a capability must tell of the subjects that it holds, so that people may speak about them. */
export interface SubjectKind {
  kind: string
  /** What a subject is; null when it does not exist. */
  describe(db: Executor, id: string): Promise<SubjectFacts | null>
  /**
   * Checks what only the holder of the subject knows, such as a place that must be in its commune.
   * @throws {UserError} 400
   */
  check?(db: Executor, id: string, item: Item, value: Value): Promise<void>
  /** Labels of choices that are not a closed list, by id. */
  choices?(db: Executor, item: Item): Promise<ReadonlyMap<string, Label>>
}

const items = new Map<string, Item>()
const kinds = new Map<string, SubjectKind>()

const keyOf = (subject: string, item: string) => `${subject} ${item}`

/** Says once, when the program is put together, what can be said about a kind of subject. */
export function defineItems(kind: SubjectKind, list: readonly Omit<Item, 'subject'>[]): void {
  kinds.set(kind.kind, kind)
  addItems(kind.kind, list)
}

/** Says what else can be said about a kind of subject that another capability holds. */
export function addItems(kind: string, list: readonly Omit<Item, 'subject'>[]): void {
  for (const item of list) items.set(keyOf(kind, item.id), { ...item, subject: kind })
}

/** The items of a kind of subject, in the order in which they were defined. */
export const listItems = (kind: string): Item[] => [...items.values()].filter(({ subject }) => subject === kind)

export const findItem = (kind: string, item: string): Item | null => items.get(keyOf(kind, item)) ?? null

/** @throws {UserError} 404 */
export function getItem(kind: string, item: string): Item {
  const found = findItem(kind, item)
  if (!found) throw unknownItem(item)
  return found
}

export const findKind = (kind: string): SubjectKind | null => kinds.get(kind) ?? null

/** Labels of the choices of an item, by id: those of its closed list, else those that the holder of its subject knows. */
export async function listChoices(db: Executor, item: Item): Promise<ReadonlyMap<string, Label>> {
  if (item.choices) return new Map(item.choices.map(({ id, label }) => [id, label]))
  return (await findKind(item.subject)?.choices?.(db, item)) ?? new Map()
}
