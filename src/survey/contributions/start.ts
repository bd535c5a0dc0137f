import { getStanding, listMyBodies } from '#accounts'
import { pillars } from '#accounts/model'
import { getText } from '#consent'
import { sql, type App, type User } from '#platform'
import { languages } from '#platform/model'
import { latestGuide, listGuides } from '../guide/guides.ts'
import { protocol, type Mandate, type StartAnswer } from '../model.ts'
import { listOpenings, type Opening } from './mandates.ts'

type Named = { code: string; name: string }

async function nameTerritories({ db }: Pick<App, 'db'>, codes: readonly string[]): Promise<Map<string, string>> {
  const found = await sql<Named>`
    select code, name from territory.public_territory where code = any(${[...codes]}::text[])`.execute(db.kysely)
  return new Map(found.rows.map(({ code, name }) => [code, name]))
}

const everywhere: Named = { code: '*', name: 'partout' }

function mandateOf(body: Mandate['body'], openings: readonly Opening[], names: ReadonlyMap<string, string>): Mandate {
  const codes = [...new Set(openings.map(({ territory }) => territory))]
  return {
    body,
    pillars: pillars.filter((pillar) => openings.some((one) => one.pillars.includes(pillar))),
    territories: codes.map((code) => (code === null ? everywhere : { code, name: names.get(code) ?? code })),
    until: openings
      .map(({ until }) => until)
      .sort()
      .at(-1)!,
  }
}

/** In whose name somebody may survey now. */
async function listMandates(app: Pick<App, 'db'>, actor: User): Promise<Mandate[]> {
  const openings = listOpenings(await getStanding(app.db, actor), latestGuide().items, new Date().toISOString())
  const names = await nameTerritories(
    app,
    openings.flatMap(({ territory }) => territory ?? []),
  )
  const bodies = new Map((await listMyBodies(app.db, actor)).map(({ id, name }) => [id, { id, name }]))
  return [...bodies.values()].flatMap((body) => {
    const own = openings.filter((one) => one.body === body.id)
    return own.length > 0 ? [mandateOf(body, own, names)] : []
  })
}

async function listOwn({ db }: Pick<App, 'db'>, actor: User): Promise<StartAnswer['own']> {
  const { enterprises } = await getStanding(db, actor)
  const found = await sql<{ siret: string; name: string | null }>`
    select siret, name from registry.public_establishment where siret = any(${[...enterprises]}::text[])`.execute(
    db.kysely,
  )
  const names = new Map(found.rows.map(({ siret, name }) => [siret, name]))
  return enterprises.map((siret) => ({ siret, name: names.get(siret) ?? siret }))
}

/** All that a device needs to start, but for the enterprises: guides, texts of agreement, and what its person may do. */
export async function startAnswer(app: Pick<App, 'db'>, actor: User): Promise<StartAnswer> {
  const texts = await Promise.all(languages.map((lang) => getText(app.db, lang, { topic: 'know-how' })))
  return {
    protocol,
    person: { id: actor.id, name: actor.name },
    mandates: await listMandates(app, actor),
    own: await listOwn(app, actor),
    guides: [...listGuides()],
    consent: texts.flatMap((text) =>
      text ? [{ version: text.version, lang: text.lang, title: text.title, body: text.body }] : [],
    ),
  }
}
