import type { FileHandle } from 'node:fs/promises'

const magic = 0x46546c67 // glTF
const jsonChunk = 0x4e4f534a
const largestJson = 20_000_000

interface Gltf {
  asset?: { version?: unknown }
  buffers?: { uri?: unknown }[]
  images?: { uri?: unknown }[]
}

/** Whether every resource is in the file itself: an address would make a reader's program fetch it. */
function isSelfContained({ buffers = [], images = [] }: Gltf): boolean {
  return [...buffers, ...images].every(
    ({ uri }) => uri === undefined || (typeof uri === 'string' && /^data:/i.test(uri)),
  )
}

/**
 * Whether a file is a whole binary glTF 2.0 (Khronos glTF 2.0 § 4.4): header, length, chunks that fill it exactly, and
 * nothing outside of it.
 */
export async function isGlb(file: FileHandle, bytes: number): Promise<boolean> {
  const at = async (position: number, length: number) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
    return bytesRead === length ? buffer : null
  }
  const header = await at(0, 20)
  if (!header || header.readUInt32LE(0) !== magic || header.readUInt32LE(4) !== 2) return false
  if (header.readUInt32LE(8) !== bytes || header.readUInt32LE(16) !== jsonChunk) return false
  const jsonLength = header.readUInt32LE(12)
  if (jsonLength > largestJson) return false
  for (let position = 12, chunks = 0; position < bytes; chunks++) {
    const chunk = await at(position, 8)
    if (!chunk || chunks > 16) return false
    position += 8 + chunk.readUInt32LE(0)
    if (position > bytes || position % 4 !== 0) return false
  }
  const text = await at(20, jsonLength)
  if (!text) return false
  try {
    const gltf = JSON.parse(text.toString('utf8')) as Gltf
    return gltf.asset?.version === '2.0' && isSelfContained(gltf)
  } catch {
    return false
  }
}
