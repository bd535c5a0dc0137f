import { disclosures, purposes } from '#accounts/model'
import { badInput } from '#platform'
import type { Scope } from '../machine.ts'
import { ways } from '../model.ts'

const textOf = (form: FormData, name: string) => {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/**
 * Who may see, what for and until when, as a form says it.
 * @throws {UserError} 400 that names the field
 */
export function parseScope(form: FormData): Scope {
  const audience = disclosures.find((one) => one === textOf(form, 'audience'))
  if (!audience) throw badInput('Choisissez qui peut le voir.', [{ field: 'audience', message: 'un choix' }])
  const uses = purposes.filter((use) => form.getAll('uses').includes(use))
  if (uses.length === 0) throw badInput('Cochez un usage au moins.', [{ field: 'uses', message: 'un usage' }])
  if (audience === 'public' && !uses.includes('atlas') && !uses.includes('publication'))
    throw badInput('Pour que tout le monde le voie, cochez l’usage « sur ce site » ou « publié ailleurs ».', [
      { field: 'uses', message: 'atlas ou publication' },
    ])
  return { audience, uses, until: textOf(form, 'until') || null }
}

/**
 * A whole agreement, as the form of the screen says it.
 * @throws {UserError} 400 that names the field
 */
export function parseAgreement(form: FormData) {
  if (form.get('read') !== 'on')
    throw badInput('Lisez le texte, puis cochez la case qui dit que vous l’avez lu.', [
      { field: 'read', message: 'à cocher' },
    ])
  return {
    scope: parseScope(form),
    way: ways.find((one) => one === textOf(form, 'way')) ?? ('screen' as const),
    by: textOf(form, 'by') === 'guardian' ? ('guardian' as const) : ('holder' as const),
    ageClass: textOf(form, 'ageClass') === 'minor' ? ('minor' as const) : ('adult' as const),
    guardian: textOf(form, 'guardian'),
    evidence: textOf(form, 'evidence'),
    textVersion: textOf(form, 'textVersion'),
    textLang: textOf(form, 'textLang') === 'en' ? ('en' as const) : ('fr' as const),
  }
}
