import { createHash } from 'node:crypto'
import type { Zone } from './model.ts'

/** Folder of the storage that holds all that belongs to a digest. */
export const folderKey = (digest: string): string => `media/${digest.slice(0, 2)}/${digest}`

/** Bytes as they were received, or as they were once blurred; never served. */
export const masterKey = (hash: string): string => `${folderKey(hash)}/master`

export const derivedKey = (folder: string, name: string): string => `${folderKey(folder)}/${name}`

/** Folder of the pictures made from some bytes with some rights: equal deposits share it. */
export function renditionOf(blob: string, xmp: string | null): string {
  return createHash('sha256')
    .update(JSON.stringify(['pictures-1', blob, xmp]))
    .digest('hex')
}

export const sameZones = (one: Zone[] | null, other: Zone[] | null): boolean =>
  JSON.stringify(one) === JSON.stringify(other)
