import { randomFillSync } from 'node:crypto'

const bytes = new Uint8Array(16)
const view = new DataView(bytes.buffer)
/** 12 bits that follow the millisecond: a counter, so that ids of one process sort in the order of their making. */
const counterSize = 0x1000
let last = 0
let counter = 0

// RFC 9562 § 6.2, method 1; a counter that overflows borrows the next millisecond.
function tick(now: number) {
  if (now > last) {
    last = now
    // The upper half stays free for what follows in the same millisecond.
    counter = view.getUint16(6) % (counterSize / 2)
  } else if (++counter === counterSize) {
    last++
    counter = 0
  }
}

/**
 * A new UUID of version 7 (RFC 9562 § 5.7): milliseconds since 1970, then a counter, then 62 random bits. Always greater
 * than those made before by this process, even when the clock goes back.
 */
export function newId(now = Date.now()): string {
  randomFillSync(bytes)
  tick(now)
  view.setUint16(0, Math.floor(last / 2 ** 32))
  view.setUint32(2, last % 2 ** 32)
  view.setUint16(6, 0x7000 | counter)
  view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
