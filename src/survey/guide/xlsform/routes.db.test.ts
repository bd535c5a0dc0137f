import Fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApp, type TestApp } from '../../../platform/testing/application.ts'
import { readTables } from '../../tables/read.ts'
import { latestGuide } from '../guides.ts'
import { guideOfXlsform } from './guide.ts'
import { readXlsform } from './read.ts'
import { xlsformRoutes } from './routes.ts'

let own: TestApp
const server = Fastify()

beforeAll(async () => {
  own = await createTestApp()
  xlsformRoutes(server, own.app)
})
afterAll(async () => {
  await server.close()
  await own.close()
})

test('the guide is given as a valid form, the sectors named as in the register', async () => {
  const answer = await server.inject('/guide/xlsform.xlsx')
  expect(answer.statusCode).toBe(200)
  expect(answer.headers['content-type']).toContain('spreadsheetml')
  expect(answer.headers['content-disposition']).toBe(
    `attachment; filename="guide-rse-version-${latestGuide().version}.xlsx"`,
  )
  const { form, problems } = readXlsform(await readTables(answer.rawPayload, 'guide.xlsx'))
  expect(problems).toEqual([])
  expect(guideOfXlsform(form!)).toEqual(latestGuide())
  expect(form!.choices['sectors_of_crafts']!.map(({ name }) => name)).toEqual([
    'food',
    'building',
    'making',
    'services',
  ])
})

test('a version that is not published is refused', async () => {
  expect((await server.inject('/guide/xlsform.xlsx?version=99')).json()).toMatchObject({ statusCode: 404 })
  expect((await server.inject('/guide/xlsform.xlsx?version=un')).json()).toMatchObject({ statusCode: 400 })
})
