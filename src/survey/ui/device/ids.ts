/**
 * A UUIDv7 (RFC 9562 §5.7): 48 bits of a time in milliseconds, then 74 random bits. Made by hand, as
 * `crypto.randomUUID` exists in secure contexts only, and a server on a local network is none.
 */
export function newId(time: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, (BigInt(time) << 16n) | BigInt(view.getUint16(6)))
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
