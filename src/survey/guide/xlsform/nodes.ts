import type { FormNode, XlsForm } from './model.ts'
import type { FormProblems } from './problems.ts'
import { readRows, type ReadRow } from './rows.ts'
import type { Sheet } from './sheets.ts'
import { readType, type RowType } from './types.ts'

const words: Record<string, string> = { group: 'le groupe', repeat: 'la répétition', loop: 'la boucle' }

/** Groups within groups. */
const deepest = 50

interface Level {
  type: string | null
  node: FormNode | null
  nodes: FormNode[]
}

const isYes = (text: string | undefined) => /^(yes|true(\(\))?)$/i.test(text ?? '')

/** Reads the rows of a survey one after the other, groups within groups. */
export class NodeReader {
  readonly settings: Record<string, string> = {}
  /** Forms that rows include, whose lists count. */
  readonly included: XlsForm[] = []
  readonly #rows: ReadRow[]
  readonly #problems: FormProblems
  readonly #include: (name: string) => XlsForm | null
  readonly #levels: Level[] = [{ type: null, node: null, nodes: [] }]

  constructor(survey: Sheet, problems: FormProblems, include: (name: string) => XlsForm | null) {
    this.#rows = readRows(survey)
    this.#problems = problems
    this.#include = include
  }

  read(): FormNode[] {
    for (const row of this.#rows) if (!isYes(row.fields['disabled'])) this.#readRow(row)
    for (const { type, node } of this.#levels.slice(1)) {
      this.#problems.add(
        node!.at,
        'type',
        `Rien ne ferme ${words[type!]} « ${node!.name} » : il manque « end ${type} ».`,
      )
    }
    return this.#levels[0]!.nodes
  }

  get #inner() {
    return this.#levels.at(-1)!
  }

  #readRow(row: ReadRow) {
    const text = row.fields['type']
    if (text === undefined) {
      // A row without type, name nor label is a comment.
      if (row.fields['name'] !== undefined || row.texts['label'] !== undefined)
        this.#problems.add(row.at, 'type', 'Cette question n’a pas de type.')
      return
    }
    const type = readType(text)
    if (type.kind === 'end') this.#close(row, type.type)
    else if (type.kind === 'begin') this.#open(row, type.type, type.list)
    else if (type.kind === 'include') this.#insert(row)
    else if (type.kind === 'setting') this.settings[type.name] = row.fields['name'] ?? ''
    else if (type.kind === 'question') this.#add(row, type)
    else this.#problems.add(row.at, 'type', `« ${text} » n’est pas un type de question.`)
  }

  #nodeOf({ at, fields, texts }: ReadRow, type: string): FormNode {
    const { type: _, name, ...others } = fields
    const given = name ?? (type === 'audit' ? 'audit' : type === 'note' ? `note_${at.row}` : '')
    if (given === '') this.#problems.add(at, 'name', 'Cette question ou ce groupe n’a pas de nom.')
    return { at, type, name: given, list: null, orOther: false, fields: others, texts, children: null }
  }

  #add(row: ReadRow, { type, list, orOther }: Extract<RowType, { kind: 'question' }>) {
    this.#inner.nodes.push({ ...this.#nodeOf(row, type), list, orOther })
  }

  #open(row: ReadRow, type: string, list: string | null) {
    const children: FormNode[] = []
    const node = { ...this.#nodeOf(row, type), list, children }
    if (this.#levels.length <= deepest) this.#inner.nodes.push(node)
    else this.#problems.add(row.at, 'type', `Il y a plus de ${deepest} groupes les uns dans les autres.`)
    this.#levels.push({ type, node, nodes: children })
  }

  #close({ at }: ReadRow, type: string) {
    const { type: opened, node } = this.#inner
    if (opened === type) {
      this.#levels.pop()
      return
    }
    const now = node ? ` : ${words[opened!]} « ${node.name} », ligne ${node.at.row}, est encore à fermer` : ''
    this.#problems.add(at, 'type', `« end ${type} » ne ferme rien${now}.`)
  }

  #insert({ at, fields: { name = '' } }: ReadRow) {
    const form = this.#include(name)
    if (!form) {
      this.#problems.add(at, 'name', `Le formulaire « ${name} », à inclure ici, n’est pas dans ce fichier.`)
      return
    }
    this.included.push(form)
    this.#inner.nodes.push(...form.nodes)
  }
}
