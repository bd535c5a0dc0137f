import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql, type App, type Executor } from '#platform'
import { derivedKey, masterKey, renditionOf } from '../keys.ts'
import type { Derived, Facts, Zone } from '../model.ts'
import { runPicture } from '../picture/run.ts'
import { store } from './encode.ts'
import { withWorkFolder } from './work-folder.ts'

export interface Rendered {
  /** Digest of the bytes that take the place of those received, once zones were blurred; else the same. */
  blob: string
  bytes: number | null
  format: string | null
  rendition: string
  facts: Facts
  derived: Derived[]
}

interface Source {
  blob: string
  /** Key of what is drawn from: the picture itself, or the frame of a film. */
  key: string
  prefix: 'picture' | 'poster'
  zones: Zone[] | null
  xmp: string | null
}

/** Makes the pictures of a deposit with its rights inside, blurred if it was asked, and stores them. */
export async function renderPictures(app: App, { blob, key, prefix, zones, xmp }: Source): Promise<Rendered> {
  return withWorkFolder(app, async (folder) => {
    const made = await app.storage.withLocalFile(key, (path) => runPicture({ path, folder, prefix, xmp, zones }))
    const master = made.master ? await readFile(join(folder, made.master)) : null
    const hash = master ? createHash('sha256').update(master).digest('hex') : blob
    if (made.master) await app.storage.put(masterKey(hash), createReadStream(join(folder, made.master)))
    const rendition = renditionOf(hash, xmp)
    await store(
      app,
      folder,
      rendition,
      made.derived.map(({ name }) => name),
    )
    const { width, height, color, derived } = made
    return {
      blob: hash,
      bytes: master?.length ?? null,
      format: made.master?.endsWith('.png') ? 'png' : made.master ? 'jpeg' : null,
      rendition,
      facts: { width, height, color },
      derived,
    }
  })
}

/** Notes what was made in a folder. */
export async function keepDerived(trx: Executor, folder: string, derived: readonly Derived[]): Promise<void> {
  for (const { name, type, bytes, width, height } of derived)
    await sql`insert into media.derived (folder, name, type, bytes, width, height)
      values (${folder}, ${name}, ${type}, ${bytes}, ${width}, ${height})
      on conflict (folder, name) do update set type = excluded.type, bytes = excluded.bytes, width = excluded.width,
        height = excluded.height`.execute(trx)
}

export const frameKey = (blob: string): string => derivedKey(blob, 'frame.png')
