import { expect, test } from 'vitest'
import { toProfile, toScopes } from './profile.ts'

const claims = { sub: '1', email: 'A@Exemple.fr', given_name: 'Ana', usual_name: 'Vidal' }

test('a provider that never says which addresses it verified vouches for them', () => {
  expect(toProfile(claims, false)).toEqual({
    id: '1',
    sub: '1',
    email: 'a@exemple.fr',
    emailVerified: true,
    name: 'Ana Vidal',
  })
  expect(toProfile(claims, true)).toBeNull()
  expect(toProfile({ ...claims, email_verified: false }, false)).toBeNull()
})

test('a name is what the provider calls it, else the address', () => {
  const nameOf = (more: object) => toProfile({ sub: '1', email: 'a@b.fr', ...more }, false)?.name
  expect(nameOf({ name: 'Ana V.' })).toBe('Ana V.')
  expect(nameOf({ given_name: 'Ana', family_name: 'Diaz' })).toBe('Ana Diaz')
  expect(nameOf({})).toBe('a@b.fr')
})

test('the scopes asked for are those that the provider has', () => {
  expect(toScopes(['openid', 'uid', 'given_name', 'usual_name', 'email', 'siret'])).toEqual([
    'openid',
    'email',
    'given_name',
    'usual_name',
  ])
  expect(toScopes(undefined)).toEqual(['openid', 'email', 'profile'])
})
