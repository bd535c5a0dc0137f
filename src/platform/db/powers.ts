import { sql } from 'kysely'
import type { Database } from './database.ts'

/** What the account of the database may do about what an erasure leaves on disk. */
export interface Powers {
  superuser: boolean
  /** Ends a file of the journal, and sees which are kept for later. */
  journal: boolean
  checkpoint: boolean
  /** Old files of the journal are kept for later, as they are. */
  recycles: boolean
  /** What it may not do, and what to do about it, in French. */
  limits: string[]
}

const granting = (right: string) => `Un administrateur de PostgreSQL peut l’y autoriser : ${right}`

/** Asks the server; the embedded database allows all. */
export async function findPowers(db: Database): Promise<Powers> {
  const found = await sql<Omit<Powers, 'limits'> & { owner: boolean; account: string }>`
    select current_user::text as account, r.rolsuper as superuser,
      has_function_privilege('pg_catalog.pg_switch_wal()', 'execute')
        and has_function_privilege('pg_catalog.pg_ls_waldir()', 'execute') as journal,
      r.rolsuper or coalesce((select pg_has_role(oid, 'usage') from pg_roles where rolname = 'pg_checkpoint'), false) as checkpoint,
      r.rolsuper or (select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()) as owner,
      current_setting('wal_recycle')::bool as recycles
    from pg_roles r where r.rolname = current_user`.execute(db.kysely)
  const { account, owner, ...powers } = found.rows[0]!
  const limits: string[] = []
  const after = 'Après un effacement, ce qui est effacé reste'
  if (!owner)
    limits.push(
      `${after} dans les statistiques : le compte ${account} n’est pas propriétaire de la base. ${granting(`alter database … owner to ${account}`)}`,
    )
  else if (!powers.superuser)
    limits.push(
      `${after} dans les statistiques d’une table vidée, jusqu’à ce qu’elle reçoive des lignes : le compte ${account} ne peut pas les ôter.`,
    )
  if (!powers.checkpoint)
    limits.push(
      `${after} dans le journal de PostgreSQL (pg_wal) : le compte ${account} ne peut pas faire de point de reprise. ${granting(`grant pg_checkpoint to ${account}`)}`,
    )
  if (!powers.journal)
    limits.push(
      `${after} un temps dans le journal de PostgreSQL (pg_wal) : le compte ${account} ne peut pas en changer de fichier. ${granting(`grant execute on function pg_switch_wal(), pg_ls_waldir() to ${account}`)}`,
    )
  return { ...powers, limits }
}
