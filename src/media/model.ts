/** What a file shows or holds. */
export const kinds = ['picture', 'film', 'sound', 'model', 'document'] as const
export type Kind = (typeof kinds)[number]

/**
 * What becomes of a deposit: bytes are coming; all came; safe and waiting for its turn; waiting for ffmpeg, which is not
 * installed; ready; refused, nothing of it kept.
 */
export const states = ['uploading', 'received', 'queued', 'waiting', 'ready', 'refused'] as const
export type State = (typeof states)[number]

export const licences = ['none-yet', 'all-rights-reserved', 'cc-by', 'cc-by-sa', 'licence-ouverte', 'cc0'] as const
export type Licence = (typeof licences)[number]

/** Address of the text of each licence; null where the law alone applies. */
export const licenceUrls: Record<Licence, string | null> = {
  'none-yet': null,
  'all-rights-reserved': null,
  'cc-by': 'https://creativecommons.org/licenses/by/4.0/',
  'cc-by-sa': 'https://creativecommons.org/licenses/by-sa/4.0/',
  'licence-ouverte': 'https://www.etalab.gouv.fr/licence-ouverte-open-licence/',
  cc0: 'https://creativecommons.org/publicdomain/zero/1.0/',
}

const megabyte = 1_000_000
const gigabyte = 1_000_000_000

/** The largest file of each kind, in bytes. */
export const largest: Record<Kind, number> = {
  picture: 60 * megabyte,
  film: 4 * gigabyte,
  sound: 500 * megabyte,
  model: 200 * megabyte,
  document: 50 * megabyte,
}

/** What one person may have deposited in all, in bytes. */
export const quota = 50 * gigabyte

/** Days that an unfinished upload is kept, and the note of a refusal. */
export const uploadDays = 7
export const refusalDays = 30

/** Limits of what a file may claim to hold. */
export const limits = { pixels: 100_000_000, seconds: 7200, streams: 12, framesPerSecond: 60 } as const

/** Widths of derived pictures, and heights of films, in pixels; never more than the source's. */
export const pictureWidths = [480, 960, 1920] as const
export const filmHeights = [1080, 720, 480] as const

/** Extensions of what is taken, by kind; what a file is, its bytes alone decide. */
export const extensions: Record<Kind, readonly string[]> = {
  picture: ['jpg', 'jpeg', 'png', 'webp', 'avif', 'heic', 'heif'],
  film: ['mp4', 'm4v', 'mov', 'webm', 'mkv', 'avi'],
  sound: ['mp3', 'm4a', 'ogg', 'oga', 'opus', 'wav', 'flac'],
  model: ['glb'],
  document: ['pdf'],
}

/** Value of `accept` in the forms. */
export const accepted = kinds.flatMap((kind) => extensions[kind].map((one) => `.${one}`)).join(',')

/** The kind that a name announces, or null when it is of none that is taken. */
export function announcedKind(name: string): Kind | null {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return kinds.find((kind) => extensions[kind].includes(extension)) ?? null
}

// Control and direction marks, which make a name read as another, and what no file system takes.
const unwanted = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}<>:"|?*\p{Zl}\p{Zp}]/gu
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i
const longest = 120

/**
 * The name that is shown of a file: no folder, no sign that hides or means something to a system, 120 signs at most with
 * its extension. It never names anything on the disk.
 */
export function cleanName(given: string): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1)!
  const plain = last
    .replace(unwanted, '')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
  const name = plain.replace(reserved, '$1_')
  if (name === '') return 'sans nom'
  const signs = [...name]
  if (signs.length <= longest) return name
  const extension = /\.[a-z0-9]{1,5}$/i.exec(name)?.[0] ?? ''
  return `${signs
    .slice(0, longest - extension.length)
    .join('')
    .trimEnd()}${extension}`
}

/** A rectangle of a picture, in shares (0 to 1) of its width and height as it is shown. */
export interface Zone {
  x: number
  y: number
  width: number
  height: number
}

export const mostZones = 20

/** Whether a zone lies in the picture and covers something. */
export const isZone = ({ x, y, width, height }: Zone): boolean =>
  [x, y, width, height].every((one) => Number.isFinite(one) && one >= 0 && one <= 1) &&
  width > 0 &&
  height > 0 &&
  x + width <= 1.000001 &&
  y + height <= 1.000001

/** Whose work a file is, what may be done with it, and what it shows. */
export interface Rights {
  author: string
  /** Whose gesture is seen. */
  credit: string
  licence: Licence
  /** Numbers of the authorisations (image, voice, place). */
  authorisations: string[]
  captionFr: string
  captionEn: string
  altFr: string
  altEn: string
}

/** What is known of the content once it was read. Lengths in pixels, seconds, frames per second. */
export interface Facts {
  width?: number
  height?: number
  duration?: number
  framesPerSecond?: number
  hasSound?: boolean
  /** Mean colour, `#rrggbb`, shown until the picture is there. */
  color?: string
  codecs?: string[]
}

/** A file made from the deposit, as it is served. */
export interface Derived {
  name: string
  type: string
  bytes: number
  width: number | null
  height: number | null
}

/** Where a derived file is served. */
export const addressOf = (id: string, name: string): string => `/medias/${id}/${name}`

/** What a page needs to show a file with its credit. */
export interface ShownFile extends Rights {
  id: string
  kind: Kind
  name: string
  facts: Facts
  derived: Derived[]
}

/** Where a deposit is, for the page of the one who made it. */
export interface FileSummary {
  id: string
  name: string
  kind: Kind | null
  state: State
  bytes: number
  createdAt: string
  captionFr: string
  captionEn: string
  /** Address of a small picture of it, or null. */
  thumbnail: string | null
}
