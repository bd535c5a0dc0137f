import { availableParallelism, loadavg } from 'node:os'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { getAgreementScreen, giveConsent, withdrawConsent } from '#consent'
import { sql, transaction, type User } from '#platform'
import { listAgreed } from '#statements'
import { latestGuide } from '../guide/guides.ts'
import { discloseAfterConsent } from './disclosure.ts'
import { describeContribution, eraseContributions, exportContributions } from './personal.ts'
import { createScene, plainItems, yes, type Journal, type Scene } from './testing.ts'

let scene: Scene
let siret: string
let surveyor: User
let artisan: User
let body: string
let journal: Journal

const db = () => scene.app.db.kysely

beforeAll(async () => {
  scene = await createScene()
})
afterAll(() => scene.close())
beforeEach(async () => {
  ;({ siret, surveyor, artisan, body, journal } = await scene.next())
})

test('the artisan withdraws: all answers leave the public view in less than a second, and an older word brings none back', async () => {
  const open = journal.open({ siret }, body)
  const answers = plainItems.slice(0, 49).map(({ id }) => journal.answer(open, id))
  const more = latestGuide().items.filter(
    ({ kind, ceiling, longest }: { kind: string; ceiling?: string; longest?: number }) =>
      kind === 'text' && ceiling === undefined && longest === undefined,
  )
  const texts = Array.from({ length: 60 - answers.length }, (_, i) =>
    journal.answer(open, more[i % more.length]!.id, { kind: 'text', text: `Réponse ${i}` }),
  )
  const stale = journal.consent(open)
  await scene.send(surveyor, open, ...answers, ...texts, journal.consent(open))
  await scene.settle()
  const shown = (await listAgreed(db(), { kind: 'enterprise', id: siret })).length
  expect(shown).toBe(new Set([...answers, ...texts].map((one) => (one as { item?: string }).item)).size)
  const start = performance.now()
  await withdrawConsent(scene.app.db, artisan, { kind: 'contribution', id: open.contribution })
  // The reader of events does the same meanwhile: whoever comes second waits for the first.
  const payload = { kind: 'contribution', id: open.contribution }
  await discloseAfterConsent.handle(scene.app, { id: 0, kind: 'consent.changed', payload })
  expect(await listAgreed(db(), { kind: 'enterprise', id: siret })).toEqual([])
  const elapsed = Math.round(performance.now() - start)
  console.log(`withdrawal ${scene.app.db.kind} answers=60 public-after=${elapsed} ms`)
  // A second, on a machine that has nothing else to do.
  expect(elapsed).toBeLessThan(1000 * Math.max(1, loadavg()[0]! / availableParallelism()))
  await scene.settle()
  expect(await scene.outcomes(surveyor, stale)).toEqual(['taken'])
  await scene.settle()
  expect(await scene.agreed()).toBeUndefined()
  // His own word, later, is heard again.
  const screen = await getAgreementScreen(
    scene.app,
    artisan,
    { kind: 'contribution', id: open.contribution },
    'fr',
    false,
  )
  expect(screen.content?.title).toMatch(/^Visite du .* par Chambre de métiers : \d+ réponses$/)
  await giveConsent(scene.app.db, artisan, {
    kind: 'contribution',
    id: open.contribution,
    way: 'screen',
    by: 'holder',
    ageClass: 'adult',
    scope: { audience: 'public', uses: ['atlas'], until: null },
    textVersion: screen.text.version,
  })
  await scene.settle()
  expect(await scene.agreed()).toMatchObject({ value: yes })
})

test('a ceiling holds, whatever the artisan agrees to', async () => {
  const named = latestGuide().items.find(
    ({ kind, ceiling }) => ceiling === 'body' && (kind === 'text' || kind === 'person'),
  )!
  const value =
    named.kind === 'text' ? { kind: 'text' as const, text: 'Louis' } : { kind: 'person' as const, person: 'Louis' }
  const open = journal.open({ siret }, body)
  const answer = journal.answer(open, named.id, value)
  await scene.send(surveyor, open, answer, journal.answer(open), journal.consent(open))
  await scene.settle()
  expect(await scene.agreed()).toBeDefined()
  expect(await scene.agreed(named.id)).toBeUndefined()
  const kept = await sql<{
    effective: string
  }>`select effective from consent.record where kind = 'statement' and id = ${answer.id}`.execute(db())
  expect(kept.rows).toEqual([{ effective: 'body' }])
})

test('an artisan speaks for himself, and his word is his own until he agrees', async () => {
  const open = journal.open({ siret }, null)
  expect(await scene.outcomes(artisan, open, journal.answer(open))).toEqual(['taken', 'taken'])
  expect(await scene.agreed()).toBeUndefined()
  await scene.send(artisan, journal.consent(open))
  await scene.settle()
  expect(await scene.agreed()).toMatchObject({ sides: [{ subject: true, bodies: [] }] })
  await scene.send(artisan, journal.consent(open, false))
  await scene.settle()
  expect(await scene.agreed()).toBeUndefined()
})

test('a visit is exported, described and destroyed with its answers', async () => {
  const open = journal.open({ siret }, body)
  const answer = journal.answer(open)
  await scene.send(surveyor, open, answer, journal.consent(open))
  await scene.settle()
  expect(await describeContribution(db(), { kind: 'contribution', id: open.contribution })).toMatchObject({
    title: expect.stringMatching(/ : 1 réponse$/) as string,
    text: `${plainItems[0]!.label.fr} : oui`,
  })
  const exported = await exportContributions(db(), { kind: 'enterprise', id: siret })
  expect(JSON.stringify(exported)).toContain(answer.id)
  expect(JSON.stringify(exported)).not.toContain(surveyor.id)
  await transaction(scene.app.db, (trx) => eraseContributions(trx, { kind: 'contribution', id: open.contribution }))
  expect(await scene.count('survey.entry', sql`contribution = ${open.contribution}`)).toBe(0)
  expect(await scene.count('statements.statement', sql`subject_id = ${siret}`)).toBe(0)
  expect(await scene.agreed()).toBeUndefined()
  expect(await scene.send(surveyor, answer)).toMatchObject([{ outcome: 'refused', code: 'survey.erased' }])
  const again = journal.open({ siret }, body)
  await scene.send(surveyor, again, journal.answer(again))
  await transaction(scene.app.db, (trx) => eraseContributions(trx, { kind: 'person', id: surveyor.id }))
  expect(await scene.count('survey.entry', sql`author = ${surveyor.id}`)).toBe(0)
  expect(await scene.count('survey.entry', sql`contribution = ${again.contribution} and author = 'erased'`)).toBe(2)
})
