import type { Readable } from 'node:stream'

export interface StoredFile {
  key: string
  bytes: number
  modifiedAt: Date
}

/** Bytes `start` to `end`, both included, from 0: as HTTP's Range says it. */
export interface ByteRange {
  start: number
  end: number
}

/**
 * Files by key (`imports/…/report.csv`), in a folder or in an S3 bucket. A file appears whole, under its key, or not at
 * all; one that is replaced meanwhile stays readable. A string that is no key is refused.
 */
export interface Storage {
  put(key: string, content: AsyncIterable<Uint8Array>): Promise<{ bytes: number }>
  /** The content, or a part of it; null where there is no such file. */
  read(key: string, range?: ByteRange): Promise<Readable | null>
  head(key: string): Promise<{ bytes: number } | null>
  /** Removes a file, or all those below a key. */
  remove(key: string): Promise<void>
  /** Every file, or those whose key starts so, in the order of the keys. */
  list(prefix?: string): AsyncIterable<StoredFile>
  /**
   * Hands the path of the file, which `work` may read and not write, and which ends with it.
   * @throws {Error} of code ENOENT where there is no such file
   */
  withLocalFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T>
  /** Where the operator finds the file: a path, or `s3://bucket/key`. */
  locate(key: string): string
  /** Removes what writings that were cut off more than a day ago left. */
  tidy(): Promise<void>
}

const safeKey = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/

export const isKey = (text: string): boolean => text.length <= 500 && safeKey.test(text)

/** @throws {Error} when the text is no key */
export function requireKey(key: string): string {
  if (!isKey(key)) throw new Error(`Not a storage key: ${key}`)
  return key
}

/** Age from which a writing that did not end is taken for one that was cut off, in milliseconds. */
export const abandonedAfter = 24 * 3600 * 1000
