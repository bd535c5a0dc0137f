import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Table } from '../../tables/read.ts'
import { allNodes, questionsOf, type FormReading, type XlsForm } from './model.ts'
import { readFormTables, readXlsform } from './read.ts'

const folder = join(import.meta.dirname, '../../../../../shared/data/validateurs/xlsform')
const present = existsSync(folder)
if (!present) console.warn(`NOT RUN: needs ${folder}`)
const files = present ? readdirSync(folder).toSorted() : []
const stemOf = (file: string) => file.replace(/\.\w+$/, '')
const typeOf = (file: string) => file.slice(stemOf(file).length)

const tables = new Map<string, Table[]>()
const readings = new Map<string, FormReading>()

/** An included form is the file of that name beside it, of the same type where there is one. */
const besides = (file: string) => (name: string) =>
  tables.get(`${name}${typeOf(file)}`) ?? tables.get(`${name}.csv`) ?? tables.get(`${name}.xlsx`) ?? null

beforeAll(async () => {
  const read = files.map(async (file) => tables.set(file, await readFormTables(readFileSync(join(folder, file)), file)))
  await Promise.all(read)
  for (const file of files) readings.set(file, readXlsform(tables.get(file)!, besides(file)))
}, 120_000)

/** A form without the numbers of its rows, which differ between files that say the same. */
const said = (form: XlsForm | null) =>
  JSON.parse(JSON.stringify(form, (key, value) => (key === 'at' ? undefined : value)))

describe.skipIf(!present)('the fixtures of pyxform', () => {
  test('are each imported, or refused with a reason that names sheet and row', () => {
    for (const [file, { form, problems }] of readings) {
      const line = form
        ? `imported: ${questionsOf(form).length} questions, ${allNodes(form.nodes).length} rows`
        : problems
            .map(({ sheet, row, column, reason }) => `refused: ${sheet}, row ${row}, ${column}: ${reason}`)
            .join('\n')
      console.log(`${file}: ${line}`)
      expect(form === null, file).toBe(problems.length > 0)
      for (const { sheet, row, reason } of problems) {
        expect(sheet, file).not.toBe('')
        expect(row, file).toBeGreaterThan(0)
        expect(reason, file).toMatch(/\.$/)
      }
    }
    expect(readings.size).toBeGreaterThanOrEqual(37)
  })

  test('are refused for what is wrong in them, and for nothing else', () => {
    const refused = [...readings].flatMap(([file, { problems }]) =>
      problems.map(({ sheet, row, column }) => `${file} ${sheet} ${row} ${column}`),
    )
    expect(refused).toEqual([
      'bad_calc.xlsx survey 2 calculation',
      'fruits.csv fruits 1 type',
      'include_json.csv survey 3 name',
      'include_json.md survey 3 name',
      'include_json.xlsx survey 2 name',
    ])
  })

  test('of one name say the same in .md, .csv and .xlsx', () => {
    const byStem = Map.groupBy(readings.keys(), stemOf)
    const twins = [...byStem].filter(([, names]) => names.length > 1)
    expect(twins.length).toBeGreaterThanOrEqual(7)
    for (const [stem, names] of twins) {
      const [first, ...others] = names.map((name) => said(readings.get(name)!.form))
      for (const other of others) expect(other, stem).toEqual(first)
    }
  })

  const formOf = (file: string) => readings.get(file)!.form!

  test('keep groups, repeats, loops, includes, lists, filters, calculations and « other »', () => {
    const everything = formOf('attribute_columns_test.xlsx').nodes.find(({ children }) => children)
    expect(everything!.fields['relevant']).toBe("not(selected(${skip_to_end}, 'yes'))")
    const repeat = everything!.children!.find(({ type }) => type === 'repeat')!
    expect([repeat.name, repeat.fields['repeat_count'], repeat.children!.length]).toEqual(['repeat_test', '2', 5])
    const multiple = repeat.children![0]!.children!.find(({ type }) => type === 'select_multiple')!
    expect(multiple.texts['constraint_message']!['english']).toMatch(/^Sorry/)

    const loop = formOf('loop.csv').nodes[1]!
    expect([loop.type, loop.list, loop.children!.map(({ name }) => name)]).toEqual(['loop', 'toilet_type', ['number']])
    expect(formOf('loop.csv').nodes[0]).toMatchObject({ type: 'select_multiple', list: 'toilet_type', orOther: true })

    const included = formOf('include.csv')
    expect(included.nodes.map(({ name }) => name)).toEqual(['name', 'good_day'])
    expect(included.choices['yes_or_no']!.map(({ name }) => name)).toEqual(['yes', 'no'])

    const filtered = formOf('choice_filter_test.xlsx')
    expect(filtered.nodes.map(({ fields }) => fields['choice_filter'])).toEqual([
      undefined,
      '${state}=cf',
      '${county}=cf',
    ])
    expect(filtered.choices['counties']!.map(({ fields }) => fields['cf'])).toContain('texas')
    expect(formOf('pull_data.xlsx').nodes[0]!.fields['calculation']).toContain('pulldata(')
    expect(formOf('or_other.xlsx').nodes.map(({ orOther }) => orOther)).toEqual([true, false])
    expect(formOf('field-list.xlsx').nodes[0]!.children).toHaveLength(1)
  })

  test('may write names of sheets and columns, aliases and old columns as they like', () => {
    const upper = formOf('case_insensitivity.xlsx')
    expect(upper.settings).toEqual({ form_title: 'Yes or no', form_id: 'YesNo', default_language: 'EN' })
    expect(upper.nodes.map(({ type, list }) => [type, list])).toEqual([
      ['select_one', 'c1'],
      ['select_one_external', 'c1'],
      ['osm', 'c1'],
    ])
    expect(upper.nodes[0]!.texts['label']).toEqual({ EN: 'Are you good?' })
    expect(formOf('gps.csv').nodes[0]!.type).toBe('geopoint')
    expect(formOf('survey_no_name.xlsx').nodes[0]!.name).toBe('state')
    const widgets = formOf('widgets.csv').nodes
    expect(widgets[1]!.fields['constraint']).toBe('. < 10')
    expect(widgets[1]!.texts['constraint_message']).toEqual({ '': 'number must be less than 10' })
    expect(widgets.find(({ name }) => name === 'spinner')!.fields['appearance']).toBe('minimal')
    expect(formOf('utf_csv.csv').nodes[0]!.texts['label']!['']).toContain('🍔')
  })
})
