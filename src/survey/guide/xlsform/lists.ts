import { readColumn } from './columns.ts'
import type { FormChoice, Lists, XlsForm } from './model.ts'
import type { FormProblems } from './problems.ts'
import { readRows } from './rows.ts'
import type { Sheet } from './sheets.ts'

function readList(sheet: Sheet | undefined, problems: FormProblems): Lists {
  const lists: Lists = Object.create(null) as Lists
  if (!sheet || sheet.rows.length === 0) return lists
  const names = new Set(sheet.headers.map((header) => readColumn(header).name))
  for (const needed of ['list_name', 'name']) {
    if (names.has(needed)) continue
    problems.add({ sheet: sheet.name, row: sheet.headerRow }, needed, `Il manque la colonne « ${needed} ».`)
    return lists
  }
  for (const { at, fields, texts } of readRows(sheet)) {
    const { list_name: list, name, ...others } = fields
    if (list === undefined) continue
    if (name === undefined) problems.add(at, 'name', `Un choix de la liste « ${list} » n’a pas de nom.`)
    else (lists[list] ??= []).push({ at, name, fields: others, texts } satisfies FormChoice)
  }
  return lists
}

/** The lists of a form, by their name: of choices (`columns` is their old name), of outside choices, of tags of a map. */
export function readLists(
  sheets: ReadonlyMap<string, Sheet>,
  problems: FormProblems,
): Pick<XlsForm, 'choices' | 'externalChoices' | 'osm'> {
  const read = (name: string) => readList(sheets.get(name), problems)
  return {
    choices: { ...read('columns'), ...read('choices') },
    externalChoices: { ...read('external_choices') },
    osm: { ...read('osm') },
  }
}
