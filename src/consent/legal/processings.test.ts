import { expect, test } from 'vitest'
import { parseRegister, readProcessings } from './processings.ts'

test('the register of processings is complete, in both languages', async () => {
  const { processings } = await readProcessings()
  expect(processings.map(({ id }) => id)).toEqual([
    'register',
    'accounts',
    'conventions',
    'survey',
    'consents',
    'media',
    'workshops',
    'logs',
  ])
})

test('rights follow the legal basis: consent may be withdrawn, a public task objected to', async () => {
  for (const { id, basis, rights } of (await readProcessings()).processings) {
    expect(rights.includes('withdrawal'), id).toBe(basis.article === '6.1.a')
    // Article 20: what was given by consent may be taken away.
    expect(rights.includes('portability'), id).toBe(basis.article === '6.1.a')
    // Article 21: objection is to a public task or a legitimate interest.
    expect(rights.includes('objection'), id).toBe(['6.1.e', '6.1.f'].includes(basis.article))
    expect(rights, id).toContain('access')
  }
})

test('a register without a legal basis, in one language, or that names a processing twice is refused', async () => {
  const register = await readProcessings()
  const [first, ...others] = register.processings
  const changed = (change: object) => ({ ...register, processings: [{ ...first, ...change }, ...others] })
  expect(() => parseRegister(changed({ basis: { article: '6.2', text: first!.basis.text } }))).toThrow()
  expect(() => parseRegister(changed({ purpose: { fr: 'Montrer' } }))).toThrow()
  expect(() => parseRegister(changed({ id: 'logs' }))).toThrow()
  expect(() => parseRegister(changed({ rights: [] }))).toThrow()
})
