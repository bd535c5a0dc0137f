import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql, UserError } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { importMetiersCommand } from './cli.ts'
import { importMetiers, prepareMetiers } from './commands.ts'
import { getMetier, listMetierTree, readMetiers, searchMetiers } from './queries.ts'
import { referenceMetiers } from './reference.ts'

let test_: TestApp
beforeAll(async () => {
  test_ = await createTestApp()
})
afterAll(() => test_.close())

const db = () => test_.app.db
const csv = (...rows: string[]) => ({
  name: 'luthiers.csv',
  text: ['slug;secteur;famille;libelle;definition;naf;aprm', ...rows].join('\n'),
})
const luthier = 'luthier;fabrication;instruments-jeux-objets;Luthier;Construit et règle violons et guitares.;;3220ZC'

interface Unit {
  siret: string
  aprm: string | null
  naf: string
  metier: string | null
  name: string | null
}

async function addUnit({ siret, aprm, naf, metier, name }: Unit) {
  await sql`
    insert into registry.establishment (siret, siren, state, diffusion, name, commune, commune_declared, position_quality, naf, naf_version,
      aprm, craft_rule, sector, metier, search, fingerprint, version)
    values (${siret}, ${siret.slice(0, 9)}, 'open', 'full', ${name}, '82121', '82121', 'none', ${naf}, 'NAFRev2',
      ${aprm}, ${aprm ? 'aprm' : 'naf'}, 'making', ${metier}, 'old', '', nextval('registry.version'))`.execute(
    db().kysely,
  )
}

async function readUnit(siret: string) {
  const found = await sql<{ craft_rule: string; sector: string; metier: string; search: string; version: number }>`
    select craft_rule, sector, metier, search, version from registry.establishment where siret = ${siret}`.execute(
    db().kysely,
  )
  return found.rows[0]!
}

async function readRevision() {
  const found = await sql<{ value: number }>`select value from registry.revision`.execute(db().kysely)
  return found.rows[0]!.value
}

test('a new database has the product’s crafts, in their order', async () => {
  expect(await readMetiers(db().kysely)).toEqual(referenceMetiers())
  const tree = await listMetierTree(db())
  expect(tree.map((sector) => sector.slug)).toEqual(['food', 'building', 'making', 'services'])
  const leaves = tree.flatMap((sector) =>
    sector.families.flatMap((family) => family.metiers.map((one) => [one.slug, one.sector, one.family])),
  )
  expect(leaves).toEqual(
    tree.flatMap((sector) =>
      sector.families.flatMap((family) => family.metiers.map((one) => [one.slug, sector.slug, family.slug])),
    ),
  )
  expect(leaves).toHaveLength(referenceMetiers().length)
})

test('a craft is read by its slug, or a sentence says that it is not there', async () => {
  expect((await getMetier(db(), 'coutelier')).label).toEqual({ fr: 'Coutelier', en: 'Cutler' })
  await expect(getMetier(db(), 'alchimiste')).rejects.toMatchObject({
    status: 404,
    message: expect.stringContaining('alchimiste'),
  })
})

test('a file adds a craft: found at once, its units classed again, the rest untouched', async () => {
  await addUnit({
    siret: '11111111100011',
    aprm: '3220ZC',
    naf: '32.20Z',
    metier: 'facteur-instruments-musique',
    name: 'Atelier de l’Âme',
  })
  await addUnit({
    siret: '11111111100029',
    aprm: '3220ZA',
    naf: '32.20Z',
    metier: 'facteur-instruments-musique',
    name: null,
  })
  const [one, other] = [await readUnit('11111111100011'), await readUnit('11111111100029')]
  expect((await searchMetiers(db(), 'luthier', 1))[0]!.slug).toBe('facteur-instruments-musique')

  const tried = await importMetiers(test_.app, 'operator', csv(luthier), true)
  expect([tried.units, tried.added.length]).toEqual([1, 1])
  expect(await readUnit('11111111100011')).toEqual(one)
  await expect(getMetier(db(), 'luthier')).rejects.toThrow(UserError)

  const done = await importMetiers(test_.app, 'operator', csv(luthier))
  expect(done).toMatchObject({ units: 1, unchanged: 0, newFamilies: [] })
  expect((await searchMetiers(db(), 'luthier', 1))[0]!.slug).toBe('luthier')
  const now = await readUnit('11111111100011')
  expect(now).toMatchObject({
    craft_rule: 'aprm',
    sector: 'making',
    metier: 'luthier',
    search: 'atelier de l ame luthier montauban 11111111100011',
  })
  expect(now.version).toBeGreaterThan(one.version)
  expect(await readRevision()).toBe(now.version)
  expect(await readUnit('11111111100029')).toEqual(other)
  const history = await sql`select 1 from registry.establishment_history`.execute(db().kysely)
  expect(history.rows).toEqual([])
})

test('the same file again changes nothing; another label changes what its units are found by', async () => {
  const before = await readUnit('11111111100011')
  const revision = await readRevision()
  expect(await importMetiers(test_.app, 'operator', csv(luthier))).toMatchObject({
    added: [],
    changed: [],
    unchanged: 1,
    units: 0,
  })
  expect([await readUnit('11111111100011'), await readRevision()]).toEqual([before, revision])
  expect(
    await importMetiers(test_.app, 'operator', csv(luthier.replace('Luthier', 'Luthier en guitares'))),
  ).toMatchObject({
    units: 1,
    unchanged: 0,
  })
  expect((await readUnit('11111111100011')).search).toBe(
    'atelier de l ame luthier en guitares montauban 11111111100011',
  )
  await importMetiers(test_.app, 'operator', csv(luthier))
})

test('a craft without units still makes the caches of the register stale', async () => {
  const revision = await readRevision()
  await importMetiers(
    test_.app,
    'operator',
    csv('vielleux;fabrication;instruments-jeux-objets;Facteur de vielles;Construit les vielles.;;'),
  )
  expect(await readRevision()).toBeGreaterThan(revision)
  const events = await sql`select 1 from platform.outbox where kind = 'registry.imported'`.execute(db().kysely)
  expect(events.rows.length).toBeGreaterThan(0)
})

test('a start keeps what was added by file, writes the rest again, and classes again', async () => {
  await sql`update registry.metier set record = record || '{"label": {"fr": "Vieux", "en": "Old"}}' where slug in ('coutelier', 'luthier')`.execute(
    db().kysely,
  )
  await sql`insert into registry.metier (slug, record, position) select 'disparu', record || '{"slug": "disparu"}', 0 from registry.metier where slug = 'coutelier'`.execute(
    db().kysely,
  )
  await sql`update registry.establishment set metier = 'disparu' where siret = '11111111100029'`.execute(db().kysely)
  await prepareMetiers(db())
  const slugs = (await readMetiers(db().kysely)).map((one) => one.slug)
  expect(slugs).toEqual([...referenceMetiers().map((one) => one.slug), 'luthier', 'vielleux'])
  expect((await getMetier(db(), 'coutelier')).label.fr).toBe('Coutelier')
  expect((await getMetier(db(), 'luthier')).label.fr).toBe('Vieux')
  expect((await readUnit('11111111100029')).metier).toBe('facteur-instruments-musique')
  const before = await readRevision()
  await prepareMetiers(db())
  expect(await readRevision()).toBe(before)
})

test('a wrong line refuses the whole file', async () => {
  const before = await readMetiers(db().kysely)
  const wrong = importMetiers(
    test_.app,
    'operator',
    csv('archetier;fabrication;instruments-jeux-objets;Archetier;Taille les archets.;;', 'a b;x;y;z;t;;'),
  )
  await expect(wrong).rejects.toThrow('ligne 3, le slug « a b »')
  expect(await readMetiers(db().kysely)).toEqual(before)
})

test('crafts wait for the end of an import of the register', async () => {
  await sql`insert into registry.import (id, status, requested_by, files) values ('00000000-0000-7000-8000-000000000001', 'running', 'test', '[]')`.execute(
    db().kysely,
  )
  await expect(importMetiers(test_.app, 'operator', csv(luthier))).rejects.toMatchObject({
    code: 'registry.import_running',
  })
  await sql`update registry.import set status = 'done'`.execute(db().kysely)
})

test('the command says what it did', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'artisanumerique-test-'))
  try {
    writeFileSync(
      join(folder, 'metiers.csv'),
      csv(luthier, 'archetier;fabrication;Archèterie;Archetier;Taille et équilibre les archets.;;').text,
    )
    const printed: string[] = []
    const run = (args: string[], dryRun = false) =>
      importMetiersCommand.run(test_.app, {
        values: { 'dry-run': dryRun },
        args,
        io: { print: (line) => void printed.push(line), progress: () => undefined, cwd: folder },
      })
    await run(['metiers.csv'], true)
    expect(printed.at(-1)).toBe('Essai : rien n’est changé ; 1 établissement serait reclassé.')
    printed.length = 0
    await run(['metiers.csv'])
    expect(printed).toEqual([
      '+ Archetier (archetier), famille « Archèterie »',
      '~ Luthier (luthier), famille « Instruments, jeux et objets »',
      'Familles nouvelles : Archèterie',
      '1 métier nouveau, 1 redéfini, 0 inchangé',
      'Registre : 1 établissement reclassé',
    ])
    await expect(run([])).rejects.toThrow('Donnez un fichier')
    await expect(run(['absent.csv'])).rejects.toThrow('absent.csv')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
