import type { SubjectKind } from '#statements'
import { metresBetween, type Item, type Label, type Value } from '#statements/model'
import { badInput, sql, type Executor } from '#platform'
import { typeset } from '#platform/model'
import { registryMessages } from '../messages.ts'
import type { EstablishmentState, PositionQuality } from '../model.ts'

/** What can be corrected of an establishment, in the order of its page. */
export const correctionItems = ['public_name', 'activity', 'in_activity', 'place', 'opening_hours', 'website'] as const
export type CorrectionItem = (typeof correctionItems)[number]

/** What nobody may say in public of whoever opposed diffusion. */
const withheld: readonly CorrectionItem[] = ['public_name', 'place', 'opening_hours', 'website']

/** Farther than this from the centre of its commune, in metres, a place is a mistake. */
const farthest = 60_000

const common = { pillar: 'register' as const, personal: false }

export const items: Omit<Item, 'subject'>[] = [
  {
    ...common,
    id: 'public_name',
    kind: 'text',
    longest: 120,
    personal: true,
    label: { fr: 'Nom ou enseigne', en: 'Name or shop sign' },
    windowDays: null,
  },
  { ...common, id: 'activity', kind: 'choice', label: { fr: 'Métier', en: 'Craft' }, windowDays: 1825 },
  {
    ...common,
    id: 'in_activity',
    kind: 'answer',
    choices: [
      { id: 'yes', label: { fr: 'oui', en: 'yes' } },
      { id: 'no', label: { fr: 'non', en: 'no' } },
    ],
    label: { fr: 'En activité', en: 'Active' },
    windowDays: 730,
  },
  { ...common, id: 'place', kind: 'place', label: { fr: 'Emplacement', en: 'Location' }, windowDays: 1825 },
  {
    ...common,
    id: 'opening_hours',
    kind: 'text',
    longest: 300,
    label: { fr: 'Horaires', en: 'Opening hours' },
    windowDays: 365,
  },
  {
    ...common,
    id: 'website',
    kind: 'text',
    link: true,
    label: { fr: 'Site web', en: 'Website' },
    windowDays: 730,
  },
]

interface Row {
  name: string | null
  metier: string | null
  label: Label | null
  commune: string | null
  communeName: string | null
  person: boolean
  closed: boolean
  state: EstablishmentState
  quality: PositionQuality
}

const unnamed = typeset('nom non publié')

function knownOf({ name, label, state, quality }: Row): Record<string, Label> {
  const { fr, en } = registryMessages
  return {
    ...(name ? { public_name: { fr: name, en: name } } : {}),
    ...(label ? { activity: label } : {}),
    in_activity: state === 'open' ? { fr: fr.open, en: en.open } : { fr: fr.closed, en: en.closed },
    place: { fr: fr.qualities[quality], en: en.qualities[quality] },
  }
}

async function describe(db: Executor, siret: string) {
  const found = await sql<Row>`
    select e.name, e.metier, m.record->'label' as label, e.commune, t.name as "communeName",
      e.natural_person is not false as person, e.state, e.position_quality as quality,
      e.diffusion = 'partial' or exists (select from consent.public_objection o where o.siret = e.siret) as closed
    from registry.establishment e left join registry.metier m on m.slug = e.metier
    left join territory.public_territory t on t.code = e.commune where e.siret = ${siret}`.execute(db)
  const row = found.rows[0]
  if (!row) return null
  const what = row.name ?? `${row.label?.fr ?? 'Établissement'}, ${unnamed}`
  return {
    label: row.communeName ? `${what} (${row.communeName})` : what,
    path: `/entreprises/${siret}`,
    commune: row.commune,
    metier: row.metier,
    person: row.person,
    withheld: row.closed ? withheld : [],
    known: knownOf(row),
  }
}

async function checkPlace(db: Executor, siret: string, { lon, lat }: { lon: number; lat: number }): Promise<void> {
  const found = await sql<{ lon: number; lat: number; name: string }>`
    select t.center[0] as lon, t.center[1] as lat, t.name from registry.establishment e
    join territory.public_territory t on t.code = e.commune where e.siret = ${siret} and t.center is not null`.execute(
    db,
  )
  const center = found.rows[0]
  if (!center || metresBetween(center, { lon, lat }) <= farthest) return
  throw badInput(
    `Ce point est à plus de 60 km de ${center.name}. Vérifiez la latitude et la longitude, qui sont peut-être inversées.`,
    [
      { field: 'lat', message: 'Vérifiez la latitude.' },
      { field: 'lon', message: 'Vérifiez la longitude.' },
    ],
  )
}

async function check(db: Executor, siret: string, { id }: Item, value: Value): Promise<void> {
  if (id === 'place' && value.kind === 'place') await checkPlace(db, siret, value)
  if (id !== 'activity' || value.kind !== 'choice') return
  const found = await sql`select 1 from registry.metier where slug = ${value.choice}`.execute(db)
  if (found.rows.length === 0)
    throw badInput('Choisissez le métier dans la liste.', [{ field: 'choice', message: 'Choisissez dans la liste.' }])
}

async function choices(db: Executor, { id }: Item): Promise<ReadonlyMap<string, Label>> {
  if (id !== 'activity') return new Map()
  const found = await sql<{ slug: string; label: Label }>`
    select slug, record->'label' as label from registry.metier order by position, slug`.execute(db)
  return new Map(found.rows.map(({ slug, label }) => [slug, label]))
}

/** Establishments, as what people speak about. */
export const enterpriseKind: SubjectKind = { kind: 'enterprise', describe, check, choices }
