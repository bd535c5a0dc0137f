import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { refused } from '../errors.ts'
import { largest, type Kind } from '../model.ts'
import { isGlb } from './glb.ts'

export interface Sniffed {
  /** A film may prove to be a sound once it is probed. */
  kind: Kind
  format: string
}

/** What is taken, by the type that the bytes themselves declare. */
const taken: Record<string, Sniffed> = {
  'image/jpeg': { kind: 'picture', format: 'jpeg' },
  'image/png': { kind: 'picture', format: 'png' },
  'image/webp': { kind: 'picture', format: 'webp' },
  'image/avif': { kind: 'picture', format: 'avif' },
  'image/heic': { kind: 'picture', format: 'heic' },
  'image/heif': { kind: 'picture', format: 'heic' },
  'video/mp4': { kind: 'film', format: 'mp4' },
  'video/x-m4v': { kind: 'film', format: 'mp4' },
  'video/quicktime': { kind: 'film', format: 'mov' },
  'video/webm': { kind: 'film', format: 'webm' },
  'video/matroska': { kind: 'film', format: 'matroska' },
  'video/x-matroska': { kind: 'film', format: 'matroska' },
  'video/vnd.avi': { kind: 'film', format: 'avi' },
  'video/x-msvideo': { kind: 'film', format: 'avi' },
  'audio/mpeg': { kind: 'sound', format: 'mp3' },
  'audio/mp4': { kind: 'sound', format: 'mp4' },
  'audio/x-m4a': { kind: 'sound', format: 'mp4' },
  'audio/ogg': { kind: 'sound', format: 'ogg' },
  'audio/wav': { kind: 'sound', format: 'wav' },
  'audio/flac': { kind: 'sound', format: 'flac' },
  'audio/x-flac': { kind: 'sound', format: 'flac' },
  'model/gltf-binary': { kind: 'model', format: 'glb' },
  'application/pdf': { kind: 'document', format: 'pdf' },
}

async function typeOf(path: string): Promise<Sniffed | null> {
  // A parser that stumbles on what it reads has not recognised it.
  const found = await fileTypeFromFile(path).catch(() => undefined)
  const mime = found?.mime.split(';')[0] ?? ''
  if (mime === 'application/ogg') return taken['audio/ogg']!
  return taken[mime] ?? null
}

/**
 * What a file is by its first bytes, whatever its name says; the rest of it is read later, by programs that are told
 * which formats to expect.
 * @throws {UserError} when it is empty, of a kind that is not taken, broken, or too large for its kind
 */
export async function sniff(path: string): Promise<Sniffed> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    if (size === 0) throw refused('empty')
    const found = await typeOf(path)
    if (!found) throw refused('type')
    if (size > largest[found.kind]) throw refused('size')
    if (found.kind === 'model' && !(await isGlb(file, size))) throw refused('model')
    if (found.kind === 'document') {
      const start = (await file.read(Buffer.alloc(5), 0, 5, 0)).buffer.toString('latin1')
      if (start !== '%PDF-') throw refused('type')
    }
    return found
  } finally {
    await file.close()
  }
}
