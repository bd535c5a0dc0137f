import { everyCraft, stillMap } from '#atlas'
import { listCodeBodies } from '#accounts'
import { listMediaOf } from '#media'
import { findRestriction, getEstablishment, getMetier, listSaid, listSiblings } from '#registry'
import { listStrengths } from '#survey'
import type { PageServerLoad } from './$types'

export const _permission = 'public'
export const csr = false

export const load: PageServerLoad = async ({ locals: { app, lang, user }, params }) => {
  const unit = await getEstablishment(app.db, params.siret)
  const [siblings, metier, said, practices, files, codeBodies] = await Promise.all([
    listSiblings(app.db, unit.siren, unit.siret),
    unit.metier ? getMetier(app.db, unit.metier) : null,
    listSaid(app.db, user, unit.siret, lang),
    listStrengths(app.db, unit.siret, lang),
    listMediaOf(app.db, { kind: 'enterprise', id: unit.siret }),
    listCodeBodies(app.db, user),
  ])
  const { siret, lon, lat } = unit
  const here = lon === null || lat === null ? null : { zoom: unit.positionQuality === 'commune' ? 10.5 : 12, lon, lat }
  const alone = { ...everyCraft(), craft: 'all' as const, state: 'all' as const, q: siret, territory: unit.commune }
  return {
    unit,
    restriction: findRestriction(unit)?.[lang] ?? null,
    siblings,
    said,
    practices,
    files,
    givesCode: user?.administrator === true || codeBodies.length > 0,
    metier: metier ? { slug: metier.slug, label: metier.label[lang] } : null,
    map: here ? await stillMap(app, alone, here) : null,
  }
}
