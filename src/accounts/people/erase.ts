import { forgetMailsTo, sql, type Erased, type Executor, type Subject } from '#platform'

const tables = [
  ...['person', 'session', 'account', 'verification', 'passkey'].map((name) => `accounts.${name}`),
  'platform.mail',
]

/**
 * Destroys an account: the person's row, sessions, keys, password and links go. What others keep of the person is an id
 * that leads nowhere.
 */
export async function erasePerson(trx: Executor, { kind, id }: Subject): Promise<Erased> {
  if (kind !== 'person') return { files: [], tables: [] }
  const found = await sql<{ email: string }>`delete from accounts.person where id = ${id} returning email`.execute(trx)
  const email = found.rows[0]?.email
  if (!email) return { files: [], tables: [] }
  await sql`delete from accounts.verification
    where position(${JSON.stringify(email)} in value) > 0 or position(${JSON.stringify(id)} in value) > 0`.execute(trx)
  await forgetMailsTo(trx, email)
  return { files: [], tables }
}

/** What is known of a person's account: neither a token, nor a key, nor a hash. */
export async function exportPerson(db: Executor, { kind, id }: Subject): Promise<Record<string, unknown>> {
  if (kind !== 'person') return {}
  const account = await sql`select name, email, administrator, created_at as "createdAt", signed_in_at as "signedInAt"
    from accounts.person where id = ${id}`.execute(db)
  if (account.rows.length === 0) return {}
  const sessions = await sql`select created_at as "createdAt", seen_at as "seenAt", expires_at as "expiresAt",
    user_agent as browser from accounts.session where person = ${id} order by created_at`.execute(db)
  const passkeys = await sql`select name, created_at as "createdAt" from accounts.passkey where person = ${id}
    order by created_at`.execute(db)
  const ways = await sql`select provider_id as way, created_at as "createdAt" from accounts.account where person = ${id}
    order by created_at`.execute(db)
  return { account: account.rows[0], sessions: sessions.rows, passkeys: passkeys.rows, waysToSignIn: ways.rows }
}
