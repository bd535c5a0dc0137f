import Ajv from 'ajv/dist/2020.js'
import { expect, test } from './product.ts'

test('a re-user reads the description, then data that fit it', async ({ page, request }) => {
  await page.goto('/donnees')
  await page.getByRole('link', { name: /OpenAPI/ }).click()
  const description = await (await request.get('/api/openapi.json')).json()
  expect(description.openapi).toBe('3.1.0')
  const ajv = new Ajv({ strict: false })
  ajv.addSchema({ $id: 'api', ...description })
  const list = await (await request.get('/api/establishments?limit=200&craft=all')).json()
  const valid = ajv.validate({ $ref: 'api#/components/schemas/EstablishmentCollection' }, list)
  expect(ajv.errors).toBeNull()
  expect(valid).toBe(true)
  expect(list.numberReturned).toBe(200)
})

test('every address of the description answers', async ({ request }) => {
  const { paths } = await (await request.get('/api/openapi.json')).json()
  const values: Record<string, string> = {
    '{code}': 'ZZ',
    '{table}': 'sectors',
    '{z}': '6',
    '{x}': '31',
    '{y}': '22',
    '{siret}': '',
  }
  const [first] = (await (await request.get('/api/establishments?limit=1')).json()).features
  values['{siret}'] = first.id
  const required: Record<string, string> = { '/api/statements': `?subject=enterprise:${first.id}` }
  for (const path of Object.keys(paths)) {
    const url = path.replace(/\{[a-z]+\}/g, (name) => values[name] ?? name) + (required[path] ?? '')
    expect((await request.get(url)).status(), url).toBe(200)
  }
})

test('the spreadsheet’s CSV opens with its accents, and each table of a portrait too', async ({ request }) => {
  const csv = await (await request.get('/api/establishments.csv?bom=1&separator=;')).body()
  expect(csv.subarray(0, 3).toString('hex')).toBe('efbbbf')
  for (const table of ['sectors', 'metiers', 'creations', 'ages', 'employees', 'positions', 'communes'])
    expect(
      (await (await request.get(`/api/territories/ZZ/${table}.csv`)).text()).split('\r\n').length,
      table,
    ).toBeGreaterThan(2)
})

test('an unknown address of the API is a problem, of the site a page', async ({ request, page }) => {
  const api = await request.get('/api/establishments?sector=x')
  expect(api.headers()['content-type']).toContain('application/problem+json')
  const answer = await request.get('/nulle-part', { headers: { accept: 'text/html' } })
  expect(answer.status()).toBe(404)
  expect(await answer.text()).toContain('Cette page n’existe pas.')
  await page.goto('/')
})
