import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeStream, decodeText, LineTooLong } from './text.ts'

async function* chunksOf(bytes: Buffer, sizes: number[]) {
  let from = 0
  for (const size of sizes) {
    yield bytes.subarray(from, from + size)
    from += size
  }
  yield bytes.subarray(from)
}

async function read(bytes: Buffer, sizes: number[] = []): Promise<string> {
  let text = ''
  for await (const block of decodeStream(chunksOf(bytes, sizes))) text += block.text
  return text
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const lines = fc
  .array(fc.constantFrom('siret', 'é', 'œ', '€', 'ÿ', '😀', '\n', '\r\n', '"', ' '), { minLength: 1, maxLength: 40 })
  .map((parts) => `en-tête${parts.join('')}`)
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 })

describe('a stream of text', () => {
  const encodings: [string, (text: string) => Buffer][] = [
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with its mark', (text) => Buffer.from(`\ufeff${text}`)],
    ['UTF-16 LE with its mark', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 BE with its mark', (text) => utf16be(`\ufeff${text}`)],
    ['UTF-16 LE without mark', (text) => Buffer.from(text, 'utf16le')],
    ['UTF-16 BE without mark', utf16be],
  ]
  test.each(encodings)('in %s is the same wherever it is cut', async (_, encode) => {
    await fc.assert(
      fc.asyncProperty(lines, sizes, async (text, cuts) => {
        expect(await read(encode(text), cuts)).toBe(text)
        expect(decodeText(encode(text))).toBe(text)
      }),
    )
  })

  test('in Windows-1252 too', async () => {
    const bytes = Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x80, 0x0a, 0x9c, 0x75, 0x66, 0x0a])
    expect(await read(bytes, [3, 4])).toBe('café €\nœuf\n')
    expect(decodeText(bytes)).toBe('café €\nœuf\n')
  })

  test('may change from UTF-8 to Windows-1252 at any line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 30 }), sizes, async (latin, cuts) => {
        const written = latin.map((one, rank) => Buffer.from(`${rank};café du cèdre;ÉTÉ\n`, one ? 'latin1' : 'utf8'))
        const bytes = Buffer.concat(written)
        expect(await read(bytes, cuts)).toBe(latin.map((_, rank) => `${rank};café du cèdre;ÉTÉ\n`).join(''))
        const mended: number[] = []
        for await (const block of decodeStream(chunksOf(bytes, cuts))) mended.push(...block.mended)
        // A text all in Windows-1252 has nothing amiss.
        expect(mended).toEqual(latin.every(Boolean) ? [] : latin.flatMap((one, rank) => (one ? [rank + 1] : [])))
      }),
    )
  })

  test('of one or two bytes, or of none', async () => {
    expect(await read(Buffer.from('a'))).toBe('a')
    expect(await read(Buffer.from('é'))).toBe('é')
    expect(await read(Buffer.alloc(0))).toBe('')
  })

  test('is refused when a line has no end', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    await expect(
      read(
        Buffer.concat(Array.from({ length: 6 }, () => chunk)),
        Array.from({ length: 6 }, () => chunk.length),
      ),
    ).rejects.toThrow(LineTooLong)
  })
})
