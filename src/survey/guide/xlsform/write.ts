import writeWorkbook from 'write-excel-file/node'
import { answers, type Label } from '#statements/model'
import type { Table } from '../../tables/read.ts'
import type { Guide, GuideItem } from '../../model.ts'
import { conditionOf } from './condition.ts'
import { columnsOf, languages, lists, own, sectionPrefix, siretConstraint } from './names.ts'

/** What sectors and crafts of the register are called, by their slugs. */
export interface CraftNames {
  sectors: ReadonlyMap<string, Label>
  metiers: ReadonlyMap<string, Label>
}

type Cells = Record<string, string>

const answerLabels: Record<(typeof answers)[number], Label> = {
  yes: { fr: 'Oui', en: 'Yes' },
  no: { fr: 'Non', en: 'No' },
  partly: { fr: 'En partie', en: 'Partly' },
  unknown: { fr: 'Ne sait pas', en: 'Does not know' },
}

const siretMessage: Label = {
  fr: 'Un SIRET a 14 chiffres, sans espace.',
  en: 'A SIRET has 14 digits, without spaces.',
}

const siretRule = (): Cells => ({ constraint: siretConstraint, ...columnsOf('constraint_message', siretMessage) })

const typeOf = ({ id, kind, media }: GuideItem): string =>
  ({
    answer: `select_one ${lists.answers}`,
    choice: `select_one ${id}`,
    number: 'decimal',
    text: 'text',
    place: 'geopoint',
    enterprise: 'text',
    person: 'text',
    file: media === 'sound' ? 'audio' : 'image',
  })[kind]

/** Help, then the unit of a number. */
function hintOf({ help, unit }: GuideItem): Label | undefined {
  if (unit === undefined) return help
  return help ? { fr: `${help.fr} (${unit})`, en: `${help.en} (${unit})` } : { fr: `(${unit})`, en: `(${unit})` }
}

/** What the guide says of an item and XLSForm has no column for; servers pass over such columns. */
const guideColumns = ({ kind, label, unit, iso26000, strength, ceiling, windowDays }: GuideItem): Cells => ({
  guide_kind: kind,
  guide_label_fr: label.fr,
  guide_label_en: label.en,
  guide_unit: unit ?? '',
  guide_iso26000: iso26000,
  guide_strength: strength ? 'yes' : '',
  guide_ceiling: ceiling ?? '',
  guide_window_days: windowDays === null ? '' : String(windowDays),
})

const itemRow = (item: GuideItem): Cells => ({
  type: typeOf(item),
  name: item.id,
  ...columnsOf('label', item.question),
  ...columnsOf('hint', hintOf(item)),
  ...columnsOf('guidance_hint', item.examples),
  relevant: conditionOf(item.relevance),
  ...(item.kind === 'enterprise' ? siretRule() : {}),
  ...guideColumns(item),
})

const uses = (guide: Guide, part: 'sectors' | 'metiers') =>
  guide.items.some(({ relevance }) => relevance?.[part] !== undefined)

function enterpriseRows(guide: Guide): Cells[] {
  const unknown = `\${${own.siret}} = ''`
  const question = (type: string, name: string, fr: string, en: string): Cells => ({
    type,
    name,
    ...columnsOf('label', { fr, en }),
  })
  return [
    question('begin_group', 'enterprise', 'L’entreprise', 'The enterprise'),
    { ...question('text', own.siret, 'Numéro SIRET (14 chiffres)', 'SIRET number (14 digits)'), ...siretRule() },
    { ...question('text', own.name, 'Nom de l’entreprise', 'Name of the enterprise'), relevant: unknown },
    { ...question('text', own.commune, 'Commune', 'Commune'), relevant: unknown },
    ...(uses(guide, 'sectors') ? [question(`select_one ${lists.sectors}`, own.sector, 'Secteur', 'Sector')] : []),
    ...(uses(guide, 'metiers') ? [question(`select_one ${lists.metiers}`, own.metier, 'Métier', 'Craft')] : []),
    { type: 'end_group' },
  ]
}

const surveyRows = (guide: Guide): Cells[] => [
  { type: 'start', name: 'start' },
  { type: 'end', name: 'end' },
  { type: 'calculate', name: own.version, calculation: String(guide.version) },
  ...enterpriseRows(guide),
  ...guide.sections.flatMap(({ id, pillar, label }) => [
    { type: 'begin_group', name: `${sectionPrefix}${id}`, ...columnsOf('label', label), guide_pillar: pillar },
    ...guide.items.filter(({ section }) => section === id).map(itemRow),
    { type: 'end_group' },
  ]),
]

function choiceRows(guide: Guide, { sectors, metiers }: CraftNames): Cells[] {
  const rows = (list: string, options: Iterable<readonly [string, Label]>) =>
    [...options].map(([name, label]): Cells => ({ list_name: list, name, ...columnsOf('label', label) }))
  return [
    ...rows(
      lists.answers,
      answers.map((answer) => [answer, answerLabels[answer]]),
    ),
    ...(uses(guide, 'sectors') ? rows(lists.sectors, sectors) : []),
    ...(uses(guide, 'metiers') ? rows(lists.metiers, metiers) : []),
    ...guide.items.flatMap(({ id, choices = [] }) =>
      rows(
        id,
        choices.map((choice) => [choice.id, choice.label]),
      ),
    ),
  ]
}

/** Rows as a sheet, whose columns are all those that some row fills. */
function tableOf(name: string, rows: readonly Cells[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row).filter((column) => row[column] !== '')))]
  return { name, rows: [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))] }
}

/**
 * A version of the guide as an XLSForm for ODK and KoboToolbox, in French and English: `survey`, `choices`, `settings`.
 * Columns `guide_…` keep what XLSForm has no word for, so that the form reads back as the guide.
 */
export function guideToXlsform(guide: Guide, names: CraftNames): Table[] {
  const settings: Cells = {
    form_title: guide.title.fr,
    form_id: 'guide_rse_territoriale',
    version: String(guide.version),
    default_language: languages.fr,
    guide_title_en: guide.title.en,
    guide_published_on: guide.publishedOn,
  }
  return [
    tableOf('survey', surveyRows(guide)),
    tableOf('choices', choiceRows(guide, names)),
    tableOf('settings', [settings]),
  ]
}

const widthOf = (column: string) => (/::|label/.test(column) ? 40 : 18)

/** Sheets as an .xlsx workbook, all cells as text, the first row in bold. */
export const workbookOf = (tables: readonly Table[]): Promise<Buffer> =>
  writeWorkbook(
    tables.map(({ name, rows }) => ({
      sheet: name,
      stickyRowsCount: 1,
      columns: rows[0]!.map((column) => ({ width: widthOf(column) })),
      data: rows.map((row, at) =>
        row.map((value) =>
          value === '' ? null : { value, type: String, ...(at === 0 ? { fontWeight: 'bold' as const } : {}) },
        ),
      ),
    })),
  ).toBuffer()
