import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { sql, type Database, type Executor } from '#platform'
import type { Lang } from '#platform/model'
import { textChanged } from './errors.ts'
import { topics, type ConsentText, type Topic } from './model.ts'
import { reader } from './records.ts'

const folder = new URL('../../data/consent/', import.meta.url)

function parseFile(name: string, content: string): ConsentText {
  const [, topic, number, lang] = /^([a-z-]+)-(\d+)\.(fr|en)\.md$/.exec(name) ?? []
  const [, title, body] = /^# (.+)\n\n([\s\S]+)$/.exec(content) ?? []
  const known = topics.find((one) => one === topic)
  if (!known || !title || !body) throw new Error(`Not a text of agreement: data/consent/${name}`)
  return {
    version: `${known}-${number}`,
    lang: lang as Lang,
    topic: known,
    hash: createHash('sha256').update(content).digest('hex'),
    title,
    body: body.trim(),
  }
}

/** The texts that this program brings, as its files have them. */
export async function readTexts(): Promise<ConsentText[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort()
  return Promise.all(names.map(async (name) => parseFile(name, await readFile(new URL(name, folder), 'utf8'))))
}

/**
 * Adds the texts that the database lacks.
 * @throws {Error} when a file was changed after people may have agreed to it
 */
export async function prepareTexts(db: Database, texts?: readonly ConsentText[]): Promise<void> {
  for (const { version, lang, topic, hash, title, body } of texts ?? (await readTexts())) {
    await sql`insert into consent.text (version, lang, topic, hash, title, body)
      values (${version}, ${lang}, ${topic}, ${hash}, ${title}, ${body}) on conflict do nothing`.execute(db.kysely)
    const kept = await sql<{ hash: string }>`
      select hash from consent.text where version = ${version} and lang = ${lang}`.execute(db.kysely)
    if (kept.rows[0]!.hash !== hash) throw textChanged(`${version}.${lang}`)
  }
}

/** The newest text about a topic, in a language; or a given version, null when there is none. */
export async function getText(
  db: Database | Executor,
  lang: Lang,
  asked: { topic: Topic } | { version: string },
): Promise<ConsentText | null> {
  const which = 'topic' in asked ? sql`topic = ${asked.topic}` : sql`version = ${asked.version}`
  const found = await sql<ConsentText>`select version, lang, topic, hash, title, body from consent.text
    where ${which} and lang = ${lang} order by substring(version from '\\d+$')::int desc limit 1`.execute(reader(db))
  return found.rows[0] ?? null
}
