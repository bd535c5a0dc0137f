import { createTransport, type Transporter } from 'nodemailer'
import { sql } from 'kysely'
import type { App } from '../application.ts'
import type { Config } from '../config.ts'
import type { EventHandler } from '../events.ts'
import type { JobDefinition } from '../jobs.ts'
import { mailQueued } from './queue.ts'

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

function openTransport(smtpUrl: string): Transporter {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl)
  const secure = protocol === 'smtps:'
  const auth = username ? { user: decodeURIComponent(username), pass: decodeURIComponent(password) } : undefined
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port ? Number(port) : secure ? 465 : 587,
    secure,
    auth,
    // A password never leaves the machine in clear.
    requireTLS: auth !== undefined && !secure && !loopback.test(hostname),
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: 60_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
}

const hostOf = ({ publicUrl }: Config) => (publicUrl ? new URL(publicUrl).hostname : 'localhost')

interface Claimed {
  recipient: string
  subject: string
  body: string
}

/** Takes a mail for this process alone, for five minutes; null when it is sent, refused, gone or being sent. */
async function claim({ db }: App, id: string): Promise<Claimed | null> {
  const found = await sql<Claimed>`
    update platform.mail set attempts = attempts + 1, claimed_until = now() + interval '5 minutes'
    where id = ${id} and sent_at is null and failed_at is null and (claimed_until is null or claimed_until < now())
    returning recipient, subject, body`.execute(db.kysely)
  return found.rows[0] ?? null
}

/** Forgets what a mail says, once it is delivered or handed over. */
export async function forgetContent({ db }: Pick<App, 'db'>, id: string): Promise<void> {
  await sql`update platform.mail set recipient = null, subject = null, body = null, failure = null, failed_at = null,
    claimed_until = null, sent_at = now() where id = ${id} and sent_at is null`.execute(db.kysely)
}

interface SmtpError extends Error {
  code?: string
  responseCode?: number
  response?: string
}

// The server has read who writes to whom and what, and will always say no; other refusals may be cured by the operator.
const isFinal = ({ code = '', responseCode = 0 }: SmtpError) =>
  responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')

async function keepFailure({ db }: App, id: string, error: SmtpError): Promise<void> {
  const told = (error.response ?? error.code ?? error.message).slice(0, 300)
  await sql`update platform.mail set failure = ${told}, claimed_until = null,
    failed_at = case when ${isFinal(error)} then now() end where id = ${id} and sent_at is null`.execute(db.kysely)
}

/**
 * Sends one mail. A refusal for good is kept, for the administrator to see.
 * @throws {Error} without anything personal, when it is worth trying again
 */
async function deliver(app: App, id: string): Promise<void> {
  const { smtpUrl } = app.config
  if (!smtpUrl) return
  const mail = await claim(app, id)
  if (!mail) return
  const transport = openTransport(smtpUrl)
  const host = hostOf(app.config)
  try {
    await transport.sendMail({
      from: app.config.mailFrom ?? `Artisanumérique <artisanumerique@${host}>`,
      to: { name: '', address: mail.recipient },
      subject: mail.subject,
      text: mail.body,
      // Stable, so that a mail sent twice is known as one.
      messageId: `<${id}@${host}>`,
      headers: { 'auto-submitted': 'auto-generated' },
    })
  } catch (error) {
    const failure = error as SmtpError
    await keepFailure(app, id, failure)
    const reason = failure.responseCode ?? failure.code ?? 'no answer'
    app.log.warn({ mail: id, reason }, 'a mail was not taken by the server')
    if (isFinal(failure)) return
    // oxlint-disable-next-line preserve-caught-error -- what the server answered may hold an address
    throw new Error(`The mail server did not take a mail (${reason})`)
  } finally {
    transport.close()
  }
  await forgetContent(app, id)
}

/** Sends one mail, named by its id; tries again for a day or so. */
export const mailJob: JobDefinition = {
  name: 'platform.mail',
  retryLimit: 30,
  retryDelay: 30,
  work: ({ app }, { id }) => deliver(app, String(id)),
}

/** How long a mail is kept at most, in days. */
export const mailKeptDays = 30

/** Forgets the mails that nobody took, and that some were sent. */
export const purgeMailJob: JobDefinition = {
  name: 'platform.purge-mail',
  retryLimit: 3,
  schedule: '12 2 * * *',
  async work({ app }) {
    await sql`delete from platform.mail where created_at < now() - make_interval(days => ${mailKeptDays}::int)`.execute(
      app.db.kysely,
    )
  },
}

export const mailHandler: EventHandler = {
  kind: mailQueued,
  name: 'platform.mail',
  async handle(app, { payload }) {
    if (app.config.smtpUrl) await app.jobs.send(mailJob.name, { id: payload.id })
  },
}

/** Queues the mails that wait, such as those written before SMTP_URL was set. */
export async function resumeMails(app: App): Promise<void> {
  if (!app.config.smtpUrl) return
  const waiting = await sql<{ id: string }>`
    select id from platform.mail where sent_at is null and failed_at is null order by created_at, id`.execute(
    app.db.kysely,
  )
  for (const { id } of waiting.rows) await app.jobs.send(mailJob.name, { id })
}
