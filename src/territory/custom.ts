import { parseCsv } from '#platform'
import { slugify } from '#platform/model'
import { unreadableCustom } from './errors.ts'

export interface CustomTerritory {
  code: string
  name: string
  subtype: string
  vintage: string
  validFrom: string | null
  validTo: string | null
  communes: string[]
  demonstration?: boolean
}

const columns = {
  code: ['code'],
  name: ['nom', 'name'],
  type: ['type', 'kind'],
  commune: ['commune', 'code_commune'],
  from: ['debut', 'from'],
  to: ['fin', 'to'],
}

/**
 * Reads a CSV of custom territories, one row a commune.
 * @throws {UserError} naming the file and the line
 */
export function parseCustomTerritories(text: string, file: string): CustomTerritory[] {
  const [header, ...rows] = parseCsv(text)
  const names = (header?.fields ?? []).map((name) => slugify(name).replaceAll('-', '_'))
  const at = Object.fromEntries(
    Object.entries(columns).map(([key, known]) => [key, names.findIndex((name) => known.includes(name))]),
  )
  for (const key of ['code', 'name', 'type', 'commune'])
    if (at[key]! < 0) throw unreadableCustom(file, `la colonne « ${columns[key as keyof typeof columns][0]} » manque`)
  const found = new Map<string, CustomTerritory>()
  for (const { line, fields } of rows) {
    const value = (key: string) => (at[key]! >= 0 ? (fields[at[key]!] ?? '') : '')
    const where = `ligne ${line}`
    const code = value('code')
    if (!/^[a-z]+(-[a-z0-9]+)+$/.test(code) || code.startsWith('region-'))
      throw unreadableCustom(
        file,
        `${where}, le code « ${code} » doit être en minuscules avec un tiret, comme pays-midi-quercy`,
      )
    const commune = value('commune').padStart(5, '0')
    if (!/^[0-9][0-9AB][0-9]{3}$/.test(commune))
      throw unreadableCustom(file, `${where}, « ${value('commune')} » n’est pas un code de commune`)
    for (const key of ['from', 'to'])
      if (value(key) && (!/^\d{4}-\d\d-\d\d$/.test(value(key)) || Number.isNaN(Date.parse(value(key)))))
        throw unreadableCustom(file, `${where}, la date « ${value(key)} » doit s’écrire AAAA-MM-JJ`)
    const one = found.get(code) ?? {
      code,
      name: value('name') || code,
      subtype: slugify(value('type')) || 'pays',
      vintage: value('from') || 'non daté',
      validFrom: value('from') || null,
      validTo: value('to') || null,
      communes: [],
    }
    if (!one.communes.includes(commune)) one.communes.push(commune)
    found.set(code, one)
  }
  if (found.size === 0) throw unreadableCustom(file, 'il ne contient aucune ligne')
  return [...found.values()]
}
