import { formulaColumns } from './columns.ts'
import { expressionFault, isXmlName, referencesOf } from './expression.ts'
import { allNodes, type FormChoice, type FormNode, type XlsForm } from './model.ts'
import type { FormProblems } from './problems.ts'

/** Files that hold the choices of a select. */
const fileOfChoices = /\.(csv|xml|geojson)$/
/** What a form adds to what it asks (ODK XForms: the meta group). */
const reserved = new Set(['meta'])

/** Names once among brothers; of repeats once in the form, whose tables bear them (pyxform's unique_names.py). */
function checkNames(nodes: readonly FormNode[], repeats: Set<string>, problems: FormProblems) {
  const seen = new Set<string>()
  for (const { at, type, name, children } of nodes) {
    if (name !== '' && !isXmlName(name))
      problems.add(
        at,
        'name',
        `« ${name} » n’est pas un nom valable : il commence par une lettre ou « _ », puis lettres, chiffres, « - », « _ » ou « . ».`,
      )
    if (name !== '' && reserved.has(name)) problems.add(at, 'name', `Le nom « ${name} » est réservé.`)
    if (name !== '' && seen.has(name)) problems.add(at, 'name', `Le nom « ${name} » est déjà pris dans ce groupe.`)
    if (type === 'repeat' && repeats.has(name))
      problems.add(at, 'name', `Une autre répétition s’appelle déjà « ${name} ».`)
    seen.add(name)
    if (type === 'repeat') repeats.add(name)
    if (children) checkNames(children, repeats, problems)
  }
}

function checkExpressions({ at, fields }: FormNode, problems: FormProblems) {
  for (const column of formulaColumns) {
    const text = fields[column]
    const fault = text === undefined ? null : expressionFault(text)
    if (fault) problems.add(at, column, `La formule « ${text} » n’est pas valable : ${fault}.`)
  }
}

function checkReferences(nodes: readonly FormNode[], problems: FormProblems) {
  const counts = new Map<string, number>()
  for (const { name, fields } of nodes) {
    counts.set(name, (counts.get(name) ?? 0) + 1)
    // A repeat whose count is a formula gets a question for it.
    if (fields['repeat_count'] !== undefined) counts.set(`${name}_count`, 1)
  }
  for (const { at, fields, texts } of nodes) {
    const said = [
      ...Object.entries(fields),
      ...Object.entries(texts).flatMap(([column, byLanguage]) =>
        Object.values(byLanguage).map((text): [string, string] => [column, text]),
      ),
    ]
    for (const [column, text] of said) {
      if (text.split('${').length - 1 > referencesOf(text).length && !formulaColumns.includes(column))
        problems.add(at, column, `« ${text.slice(0, 80)} » : « \${ » ouvre une référence qui est mal écrite.`)
      for (const name of new Set(referencesOf(text))) {
        const count = counts.get(name) ?? 0
        if (count === 0) problems.add(at, column, `« \${${name}} » : aucune question ne s’appelle « ${name} ».`)
        if (count > 1) problems.add(at, column, `« \${${name}} » : plusieurs questions s’appellent « ${name} ».`)
      }
    }
  }
}

function checkFileOfChoices({ at, list }: FormNode, problems: FormProblems) {
  if (!fileOfChoices.test(list ?? ''))
    problems.add(at, 'type', `« ${list} » n’est pas un fichier .csv, .xml ou .geojson.`)
}

function checkList(node: FormNode, { choices, externalChoices }: XlsForm, problems: FormProblems) {
  const { at, type, list, orOther, fields } = node
  if (type.endsWith('_from_file')) return checkFileOfChoices(node, problems)
  const isSelect = type.startsWith('select_') || type === 'rank' || type === 'loop'
  if (!isSelect) return
  if (list === null) return problems.add(at, 'type', 'Cette boucle ne dit pas sur quelle liste.')
  const [sheet, lists] = type === 'select_one_external' ? ['external_choices', externalChoices] : ['choices', choices]
  if (referencesOf(list).length > 0 || fileOfChoices.test(list)) return
  const options = Object.hasOwn(lists, list) ? lists[list]! : null
  if (!options) return problems.add(at, 'type', `La liste « ${list} » n’est pas dans la feuille « ${sheet} ».`)
  if (orOther && fields['choice_filter'] !== undefined)
    problems.add(at, 'choice_filter', 'Une question avec « autre » n’admet pas de filtre de choix.')
  const spaced = type === 'select_multiple' && options.find(({ name }) => name.includes(' '))
  if (spaced) problems.add(spaced.at, 'name', `« ${spaced.name} » : le nom d’un choix multiple n’a pas d’espace.`)
}

function checkChoices(list: string, options: readonly FormChoice[], problems: FormProblems) {
  const seen = new Set<string>()
  for (const { at, name } of options) {
    if (seen.has(name)) problems.add(at, 'name', `Le choix « ${name} » est deux fois dans la liste « ${list} ».`)
    seen.add(name)
  }
}

function checkQuestion({ at, type, fields }: FormNode, problems: FormProblems) {
  if (type === 'calculate' && fields['calculation'] === undefined && !/[($]/.test(fields['default'] ?? ''))
    problems.add(at, 'calculation', 'Ce calcul n’a pas de formule.')
}

const allowsDuplicates = ({ settings }: XlsForm) =>
  /^(yes|true(\(\))?)$/i.test(settings['allow_choice_duplicates'] ?? '')

/** Checks a form by the rules of pyxform, and its formulas by the grammar of XPath 1.0, as ODK Validate does. */
export function checkForm(form: XlsForm, problems: FormProblems): void {
  const nodes = allNodes(form.nodes)
  checkNames(form.nodes, new Set(), problems)
  checkReferences(nodes, problems)
  for (const node of nodes) {
    checkExpressions(node, problems)
    checkList(node, form, problems)
    checkQuestion(node, problems)
  }
  if (allowsDuplicates(form)) return
  for (const lists of [form.choices, form.externalChoices]) {
    for (const [list, options] of Object.entries(lists)) checkChoices(list, options, problems)
  }
}
