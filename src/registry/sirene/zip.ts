import { open } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import yauzl from 'yauzl'
import { encryptedZip, unknownFormat, unreadableZip, zipTooLarge } from './errors.ts'
import type { Source } from './source.ts'

/** Largest text taken from an archive, in bytes: the national stock is under 10 GB. */
const largestText = 12e9
/** DEFLATE reaches 1,032 on zeros alone; registers compress 5 to 10 times. */
const largestRatio = 1000

/** An archive with entries, and an empty one (APPNOTE 4.3). */
const signatures = new Set([0x504b0304, 0x504b0506])

/** Whether a file starts like a zip archive. */
export async function isZip(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return bytesRead === 4 && signatures.has(buffer.readUInt32BE())
  } finally {
    await file.close()
  }
}

const openArchive = (path: string) =>
  new Promise<yauzl.ZipFile>((resolve, reject) =>
    yauzl.open(path, { lazyEntries: true, autoClose: false, strictFileNames: false }, (error, archive) =>
      error ? reject(error) : resolve(archive),
    ),
  )

const listEntries = (archive: yauzl.ZipFile) =>
  new Promise<yauzl.Entry[]>((resolve, reject) => {
    const entries: yauzl.Entry[] = []
    archive.on('error', reject)
    archive.on('end', () => resolve(entries))
    archive.on('entry', (entry: yauzl.Entry) => {
      entries.push(entry)
      archive.readEntry()
    })
    archive.readEntry()
  })

const openEntry = (archive: yauzl.ZipFile, entry: yauzl.Entry) =>
  new Promise<Readable>((resolve, reject) =>
    archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  )

const isText = ({ fileName }: yauzl.Entry) => /\.(csv|json|txt)$/i.test(fileName) && !fileName.startsWith('__MACOSX/')

function check(name: string, entry: yauzl.Entry) {
  if (entry.isEncrypted()) throw encryptedZip(name)
  const { uncompressedSize, compressedSize, fileName } = entry
  if (uncompressedSize > largestText || uncompressedSize > Math.max(compressedSize, 1000) * largestRatio) {
    throw zipTooLarge(name, fileName)
  }
}

/**
 * The CSV and JSON texts of an archive, which is read from its central directory and never unpacked on disk.
 * @throws {ReadError} when it is cut, encrypted, too large, or holds no such text
 */
export async function openZip(name: string, path: string): Promise<{ sources: Source[]; close: () => void }> {
  const unreadable = (cause: unknown) => unreadableZip(name, cause)
  const archive = await openArchive(path).catch((error: unknown) => Promise.reject(unreadable(error)))
  const close = () => archive.close()
  try {
    const entries = (await listEntries(archive).catch((error: unknown) => Promise.reject(unreadable(error)))).filter(
      isText,
    )
    if (entries.length === 0) throw unknownFormat(name, 'cette archive ne contient ni CSV ni JSON')
    for (const entry of entries) check(name, entry)
    const sources = entries.map((entry) => ({
      file: entries.length === 1 ? name : `${name} › ${entry.fileName}`,
      size: entry.uncompressedSize,
      open: () => openEntry(archive, entry),
      unreadable,
    }))
    return { sources, close }
  } catch (error) {
    close()
    throw error
  }
}
