import { retire, sql, type Erased, type Executor, type Subject } from '#platform'
import { fingerprint } from '../imports/merge.ts'
import { applyCorrection, wordsOf } from './apply.ts'

/**
 * What the holder of an enterprise objects to (article 21 of the GDPR): of a sole trader, the entry stays as one of partial
 * diffusion, here and at the next imports; a company's name is no personal data.
 */
async function withhold(trx: Executor, siret: string): Promise<void> {
  const found = await sql<{ metier: string | null }>`
    select metier from registry.establishment where siret = ${siret} and natural_person is not false and diffusion = 'full'`.execute(
    trx,
  )
  if (!found.rows[0]) return
  const search = await wordsOf(trx, siret, { name: null, metier: found.rows[0].metier })
  await sql`update registry.establishment e set diffusion = 'partial', name = null, address = null, postcode = null,
      position = c.center, position_quality = case when c.center is null then 'none' else 'commune' end,
      search = ${search}, version = nextval('registry.version')
    from (values (1)) one left join territory.public_territory c
      on c.code = (select commune from registry.establishment where siret = ${siret})
    where e.siret = ${siret}`.execute(trx)
  // As the next import will make it, so that a row which says the same changes nothing.
  await sql`update registry.establishment set fingerprint = ${fingerprint} where siret = ${siret}`.execute(trx)
  await sql`update registry.revision set changed_at = now(),
    value = greatest(value, (select version from registry.establishment where siret = ${siret}))`.execute(trx)
  await retire(trx, 'establishment', [siret])
}

/** Destroys what the register keeps of an enterprise beside its public entry: its former states and its corrections. */
export async function eraseEstablishment(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind !== 'enterprise') return { files: [], tables: [] }
  await sql`delete from registry.establishment_history where siret = ${id}`.execute(trx)
  // What was said is gone already: the register's own values come back.
  await applyCorrection(trx, id)
  await withhold(trx, id)
  return {
    files: [],
    tables: ['registry.establishment_history', 'registry.establishment_correction', 'registry.establishment'],
  }
}
