import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createServer } from '#platform'
import { createTestApp, type TestApp } from '../../platform/testing/application.ts'
import { latestGuide } from './guides.ts'
import { guidePage } from './page.ts'
import { guideApi, guideRoutes } from './routes.ts'

let own: TestApp
let server: FastifyInstance

beforeAll(async () => {
  own = await createTestApp()
  const capabilities = [{ name: 'guide', routes: guideRoutes, api: guideApi }]
  server = await createServer({ app: { ...own.app, capabilities }, pages: 'none' })
})
afterAll(async () => {
  await server?.close()
  await own?.close()
})

const page = (query: string, lang: 'fr' | 'en' = 'fr') => guidePage(own.app, lang, new URLSearchParams(query))
const itemsOf = (data: Awaited<ReturnType<typeof page>>) =>
  data.pillars.flatMap(({ sections }) => sections.flatMap(({ items }) => items))

test('programs read the latest guide or a version, and ask again for nothing', async () => {
  const latest = await server.inject('/api/guide')
  expect(latest.statusCode).toBe(200)
  expect(latest.json()).toEqual(JSON.parse(JSON.stringify({ versions: [1], ...latestGuide() })))
  expect((await server.inject('/api/guide?version=1')).body).toBe(latest.body)
  const again = await server.inject({ url: '/api/guide', headers: { 'if-none-match': latest.headers.etag as string } })
  expect(again.statusCode).toBe(304)
  expect(again.body).toBe('')
})

test('a version that is unknown or no number is refused in words', async () => {
  const unknown = await server.inject('/api/guide?version=7')
  expect(unknown.statusCode).toBe(404)
  expect(unknown.json()).toMatchObject({
    code: 'survey.unknown_guide',
    title: 'Il n’y a pas de version 7 du guide.',
  })
  const wrong = await server.inject('/api/guide?version=une')
  expect(wrong.statusCode).toBe(400)
  expect(wrong.json()).toMatchObject({ errors: [{ field: 'version' }] })
  await expect(page('version=7')).rejects.toThrow('version 7')
})

test('the description of the API names every part of an item', async () => {
  const { properties } = guideApi().schemas!.GuideItem as { properties: Record<string, unknown> }
  const told = new Set(Object.keys(properties))
  for (const item of latestGuide().items) for (const key of Object.keys(item)) expect(told, item.id).toContain(key)
  const served = (await server.inject('/api/openapi.json')).json<{ paths: object }>()
  expect(Object.keys(served.paths)).toContain('/api/guide')
})

test('the page shows the whole guide in its order, each question once, in words', async () => {
  const data = await page('')
  const items = itemsOf(data)
  expect(items.map(({ id }) => id)).toEqual(latestGuide().items.map(({ id }) => id))
  expect(items.map(({ number }) => number)).toEqual(items.map((_, index) => index + 1))
  expect(data).toMatchObject({ version: 1, versions: [1], sector: null, count: items.length })
  expect(data.pillars.map(({ id }) => id)).toEqual(['environment', 'economic', 'social'])
  const find = (id: string) => items.find((one) => one.id === id)!
  expect(find('materials-nearby')).toMatchObject({
    options: ['oui', 'non', 'en partie', 'ne sait pas'],
    sectors: ['Alimentation', 'Bâtiment', 'Fabrication'],
    strength: true,
    after: null,
  })
  expect(find('heritage-place').after).toEqual({
    number: find('heritage-kind').number,
    answers: ['maisons et fermes', 'églises, châteaux et monuments', 'lavoirs, fours, pigeonniers, murets'],
  })
  expect(find('safer-products-how').after!.answers).toEqual(['oui', 'en partie'])
})

test('one sector leaves out what is for others, keeps the numbers, and speaks both languages', async () => {
  const all = itemsOf(await page(''))
  const data = await page('sector=food', 'en')
  const items = itemsOf(data)
  expect(data.sector).toEqual({ slug: 'food', label: 'Food' })
  expect(items.map(({ id }) => id)).toContain('unsold-food')
  expect(items.map(({ id }) => id)).not.toContain('heritage-works')
  expect(items.find(({ id }) => id === 'safer-products-how')!.after!.answers).toEqual(['yes', 'partly'])
  for (const { id, number } of items) expect(all.find((one) => one.id === id)!.number).toBe(number)
  expect(items.length).toBeLessThan(all.length)
  expect((await page('sector=nowhere')).sector).toBeNull()
})
