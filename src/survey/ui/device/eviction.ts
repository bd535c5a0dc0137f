import type { Counts } from './journal.ts'

/** What a browser remembers apart from the journal: that there was one, and what waited in it. */
export interface Mark {
  device: string
  waiting: number
}

/** Where the mark is kept: not where the journal is, as a browser may erase one and leave the other. */
export interface MarkPlace {
  read(): Mark | null
  write(mark: Mark): void
}

const key = 'enquete-journal'
const year = 365 * 24 * 3600

function parse(text: string | null | undefined): Mark | null {
  const [, device, waiting] = /^([\w-]+)\.(\d+)$/.exec(text ?? '') ?? []
  return device ? { device, waiting: Number(waiting) } : null
}

const cookie = () =>
  document.cookie
    .split('; ')
    .find((one) => one.startsWith(`${key}=`))
    ?.slice(key.length + 1)

function stored(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** The mark of a page: in a cookie of its own path, and beside it. */
export const pageMark: MarkPlace = {
  read: () => parse(cookie()) ?? parse(stored()),
  write({ device, waiting }) {
    const text = `${device}.${waiting}`
    const secure = location.protocol === 'https:' ? '; secure' : ''
    document.cookie = `${key}=${text}; path=/enquete; max-age=${year}; samesite=lax${secure}`
    try {
      localStorage.setItem(key, text)
    } catch {
      // The cookie stays.
    }
  },
}

/**
 * Whether the browser erased the journal that the mark speaks of.
 * @returns the number of entries that were only there, as far as is known; null where nothing is missing
 */
export const erasedBefore = (mark: Mark | null, device: string): number | null =>
  mark && mark.device !== device && mark.waiting > 0 ? mark.waiting : null

export const markOf = (device: string, counts: Counts, filesWaiting: number): Mark => ({
  device,
  waiting: counts.waiting + counts.refused + filesWaiting,
})
