import { otherFormat, withPassword } from './refusals.ts'

const startsWith = (bytes: Buffer, ...signature: number[]) => signature.every((byte, at) => bytes[at] === byte)

/** UTF-16 of the stream that a workbook with a password holds (MS-OFFCRYPTO 2.3.4.4). */
const encryptedPackage = Buffer.from('EncryptedPackage', 'utf16le')

/**
 * Whether a file is an archive, which a workbook is, or a text: its bytes decide, never its name.
 * @throws {TableRefusal} when it is something else that is known
 */
export function recognise(bytes: Buffer, file: string): 'archive' | 'text' {
  if (startsWith(bytes, 0x50, 0x4b)) return 'archive'
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw bytes.includes(encryptedPackage)
      ? withPassword(file)
      : otherFormat(file, 'un ancien document Office (.xls, .doc)')
  }
  if (startsWith(bytes, 0x25, 0x50, 0x44, 0x46)) throw otherFormat(file, 'un PDF')
  const unicode = startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff)
  if (!unicode && bytes.includes(0)) throw otherFormat(file, 'un fichier binaire')
  const head = bytes.subarray(0, 200).toString('latin1').trimStart()
  if (/^(ï»¿)?<(\?xml|!doctype|html|table|meta)/i.test(head)) throw otherFormat(file, 'une page web ou un document XML')
  if (/^(ï»¿)?\{\s*"/.test(head)) throw otherFormat(file, 'un document JSON')
  return 'text'
}
