import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { rights, type Processing } from '../model.ts'

const file = new URL('../../../data/processings.json', import.meta.url)

const text = v.strictObject({ fr: v.pipe(v.string(), v.minLength(3)), en: v.pipe(v.string(), v.minLength(3)) })

/** The register of processings (article 30 of the GDPR), which the page on privacy shows. */
const registerSchema = v.strictObject({
  updated: v.pipe(v.string(), v.isoDate()),
  processings: v.pipe(
    v.array(
      v.strictObject({
        id: v.pipe(v.string(), v.regex(/^[a-z-]+$/)),
        name: text,
        purpose: text,
        basis: v.strictObject({ article: v.pipe(v.string(), v.regex(/^6\.1\.[a-f]$/)), text }),
        people: text,
        data: text,
        source: text,
        recipients: text,
        retention: text,
        rights: v.pipe(v.array(v.picklist(rights)), v.minLength(1)),
        /** Described before it starts. */
        planned: v.optional(v.boolean(), false),
      }),
    ),
    v.minLength(1),
    v.check((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two processings with one id'),
  ),
})

export interface ProcessingRegister {
  /** Day of the last change. */
  updated: string
  processings: Processing[]
}

/** @throws {ValiError} when the file is not a register */
export const parseRegister = (content: unknown): ProcessingRegister => v.parse(registerSchema, content)

let read: Promise<ProcessingRegister> | null = null

/** The register, read once. */
export function readProcessings(): Promise<ProcessingRegister> {
  read ??= readFile(file, 'utf8').then((content) => parseRegister(JSON.parse(content)))
  return read
}
