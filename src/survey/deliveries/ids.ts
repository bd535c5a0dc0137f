import { createHash } from 'node:crypto'

/**
 * The id of something that a row of a delivery makes: always the same, so that a work that was cut off and starts again
 * makes nothing twice. A UUID of version 8 (RFC 9562 § 5.8) from the SHA-256 of its parts.
 */
export function derivedId(...parts: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest()
  hash[6] = 0x80 | (hash[6]! & 0x0f)
  hash[8] = 0x80 | (hash[8]! & 0x3f)
  const hex = hash.subarray(0, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
