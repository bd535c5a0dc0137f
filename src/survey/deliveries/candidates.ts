import { readCommuneCodes } from '#territory'
import { sql, type Executor } from '#platform'
import { siretVariants, type RowFacts, type Unit } from './match.ts'
import { communeWords, isCommon, nameWords, streetOf } from './words.ts'

/** A row of a file, by its line. */
export interface Wanted {
  line: number
  facts: RowFacts
}

const columns = sql`e.siret, e.siren, e.name, e.address, e.postcode, e.commune, e.commune_name as "communeName", e.departement,
  e.state, e.closed_on::text as "closedOn", e.headquarters`

/** Rows of one search by words. */
const batch = 250
/** Units that one search brings to a row. */
const most = 12

type Found = Map<number, Map<string, Unit>>

function add(found: Found, line: number, units: readonly Unit[]): void {
  const known = found.get(line) ?? new Map<string, Unit>()
  for (const unit of units) known.set(unit.siret, unit)
  found.set(line, known)
}

function groupBy<T>(list: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one])
  return groups
}

/** Units of these numbers: by SIRET, and all those of a SIREN. */
async function byNumber(db: Executor, sirets: readonly string[], sirens: readonly string[]): Promise<Unit[]> {
  const found = await sql<Unit>`
    select ${columns} from registry.public_establishment e
    where e.siret = any(${[...new Set(sirets)]}::text[]) or e.siren = any(${[...new Set(sirens)]}::text[])
    order by e.siret limit 100000`.execute(db)
  return found.rows
}

async function addByNumber(db: Executor, found: Found, rows: readonly Wanted[]): Promise<void> {
  const wanted = rows.map(({ line, facts: { siret, siren } }) => ({
    line,
    sirets: siret === null ? [] : [siret, ...siretVariants(siret)],
    siren,
  }))
  const units = await byNumber(
    db,
    wanted.flatMap(({ sirets }) => sirets),
    wanted.flatMap(({ siren }) => siren ?? []),
  )
  const bySiret = groupBy(units, ({ siret }) => siret)
  const bySiren = groupBy(units, ({ siren }) => siren)
  for (const { line, sirets, siren } of wanted) {
    add(
      found,
      line,
      sirets.flatMap((siret) => bySiret.get(siret) ?? []),
    )
    // A railway has thousands of units: nobody chooses among them.
    if (siren !== null) add(found, line, (bySiren.get(siren) ?? []).slice(0, 60))
  }
}

/** Parts of words, one of which must be in the unit's own: a slip spoils one half of a word alone. */
interface Search {
  line: number
  words: string
  parts: string[]
  place: string
  /** In the street: units that have it come first. */
  number: string | null
}

/** Halves of a long word, its beginning and its end where it is short. */
function partsOf(word: string): string[] {
  const half = Math.max(3, Math.ceil(word.length / 2))
  return word.length < 4 ? [word] : [word.slice(0, half), word.slice(-half)]
}

/** Words that are looked for: the longest, which are rarer, but for those of trades where there are others. */
const wanted = 3

function tellingWords(words: readonly string[]): string[] {
  const own = words.filter((word) => !isCommon(word))
  return (own.length > 0 ? own : words).toSorted((a, b) => b.length - a.length).slice(0, wanted)
}

type Sql = ReturnType<typeof sql>

/** For each search, the units that its condition and its parts bring, those that its words are most like. */
async function byWords(
  db: Executor,
  searches: readonly Search[],
  condition: Sql,
  column: Sql,
): Promise<(Unit & { line: number })[]> {
  const out: (Unit & { line: number })[] = []
  for (let at = 0; at < searches.length; at += batch) {
    const part = searches.slice(at, at + batch).map((one) => ({ ...one, parts: one.parts.map((text) => `%${text}%`) }))
    const found = await sql<Unit & { line: number }>`
      select r.line, u.* from jsonb_to_recordset(${JSON.stringify(part)}::jsonb)
        as r(line int, words text, parts text[], place text, number text)
      cross join lateral (
        select ${columns} from registry.public_establishment e where ${condition}
        order by coalesce(e.address like r.number || ' %', false) desc, word_similarity(r.words, ${column}) desc,
          e.state = 'open' desc, e.siret limit ${most}::int) u`.execute(db)
    out.push(...found.rows)
  }
  return out
}

const inName = sql`e.search`
const inAddress = sql`lower(e.address)`
const ofCommune = (column: Sql) => sql`e.commune = r.place and ${column} like any(r.parts)`

const searchOf = (line: number, words: readonly string[], place: string, number: string | null): Search => ({
  line,
  words: words.join(' '),
  parts: tellingWords(words).flatMap(partsOf),
  place,
  number,
})

function searchesOfStreet(line: number, address: string | null, communes: readonly string[]): Search[] {
  const { words, number } = streetOf(address ?? '')
  return words.length === 0 ? [] : communes.map((commune) => searchOf(line, words, commune, number))
}

async function addByWords(db: Executor, found: Found, rows: readonly Wanted[]): Promise<void> {
  const names = rows.flatMap(({ line, facts: { names: list, communes } }) =>
    list.flatMap((name) => communes.map((commune) => searchOf(line, nameWords(name), commune, null))),
  )
  const streets = rows.flatMap(({ line, facts }) => searchesOfStreet(line, facts.address, facts.communes))
  const named = await byWords(db, names, ofCommune(inName), inName)
  const placed = await byWords(db, streets, ofCommune(inAddress), inAddress)
  for (const { line, ...unit } of [...named, ...placed]) add(found, line, [unit])
}

/** Letters of a word that are looked for in a whole département: fewer would be in too many names. */
const rareEnough = 5

/** Those of the département that have the longest word of the name, for rows whose commune is wrong or unknown. */
async function addFarther(db: Executor, found: Found, rows: readonly Wanted[]): Promise<void> {
  const searches = rows.flatMap(({ line, facts: { names, departement } }) =>
    names.flatMap((name) => {
      const words = nameWords(name)
      const [word = ''] = tellingWords(words)
      if (departement === null || word.length < rareEnough || isCommon(word)) return []
      return partsOf(word)
        .map((part) => (part.length < rareEnough ? word : part))
        .map((part) => ({ ...searchOf(line, words, departement, null), parts: [part] }))
    }),
  )
  const named = await byWords(db, searches, sql`e.departement = r.place and e.search like r.parts[1]`, inName)
  for (const { line, ...unit } of named) add(found, line, [unit])
}

/** What may have taken over from the closed units that were found. */
async function addSuccessors(db: Executor, found: Found): Promise<void> {
  const closed = [...found].flatMap(([line, units]) =>
    [...units.values()].filter(({ state }) => state === 'closed').map((unit) => ({ line, unit })),
  )
  if (closed.length === 0) return
  const own = groupBy(
    await byNumber(
      db,
      [],
      closed.map(({ unit }) => unit.siren),
    ),
    ({ siren }) => siren,
  )
  for (const { line, unit } of closed) add(found, line, (own.get(unit.siren) ?? []).slice(0, 60))
  const searches = closed.flatMap(({ line, unit: { address, commune } }) =>
    commune === null ? [] : searchesOfStreet(line, address, [commune]),
  )
  for (const { line, ...unit } of await byWords(db, searches, ofCommune(inAddress), inAddress)) add(found, line, [unit])
}

/**
 * The units of the register that each row may mean: by their numbers and those that one slip makes of them, by name and by
 * street in the communes that it names, by name in the département where these bring nothing, and the successors of
 * those that are closed.
 */
export async function findUnits(db: Executor, rows: readonly Wanted[]): Promise<Map<number, Unit[]>> {
  const found: Found = new Map(rows.map(({ line }) => [line, new Map<string, Unit>()]))
  await addByNumber(db, found, rows)
  // A SIRET that is right needs no other way.
  const others = rows.filter(({ line, facts }) => facts.siret === null || !found.get(line)!.has(facts.siret))
  await addByWords(db, found, others)
  const alone = others.filter(({ line }) => found.get(line)!.size === 0)
  await addFarther(db, found, alone)
  await addSuccessors(db, found)
  return new Map([...found].map(([line, units]) => [line, [...units.values()]]))
}

/** Codes of the communes that texts may mean: names, with those of the arrondissements, and codes, former ones too. */
export async function resolveCommunes(
  db: Executor,
  texts: readonly string[],
): Promise<Map<string, { code: string; departement: string | null }[]>> {
  const names = new Map(texts.map((text) => [text, communeWords(text)]))
  const coded = texts.some((text) => /^\d[\dAB]\d{3}$/i.test(text.trim())) ? await readCommuneCodes(db) : null
  const found = await sql<{ name: string; code: string; departement: string | null }>`
    select n.name, m.commune as code, t.departement from unnest(${[...new Set(names.values())]}::text[]) as n(name)
    join territory.public_territory t on t.kind = 'commune' and t.folded = n.name
    join territory.public_commune_of m on m.territory = t.code order by m.commune`.execute(db)
  const byName = groupBy(found.rows, ({ name }) => name)
  return new Map(
    texts.map((text) => {
      const code = coded?.get(text.trim().toUpperCase())
      return [text, code ? [{ code, departement: null }] : (byName.get(names.get(text)!) ?? [])]
    }),
  )
}
