import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { S3Client } from '@aws-sdk/client-s3'
import { abandonedAfter, isKey, requireKey, type ByteRange, type Storage, type StoredFile } from './contract.ts'
import type { S3Place } from './s3-url.ts'

/** The SDK, loaded at the first use: it takes 60 MB. */
interface Sdk {
  client: S3Client
  s3: typeof import('@aws-sdk/client-s3')
  lib: typeof import('@aws-sdk/lib-storage')
}

const partBytes = 8 * 1024 * 1024

async function loadSdk(place: S3Place): Promise<Sdk> {
  const [s3, lib] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')])
  const { endpoint, region, accessKeyId, secretAccessKey } = place
  const client = new s3.S3Client({
    endpoint,
    region,
    // Given, so that neither the environment, nor ~/.aws, nor the metadata service of a cloud is asked.
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
    defaultsMode: 'standard',
    retryMode: 'standard',
    maxAttempts: 4,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    disableS3ExpressSessionAuth: true,
    // Other makes than Amazon's refuse the checksums that the SDK would add.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 300_000,
      socketTimeout: 60_000,
      throwOnRequestTimeout: true,
    },
    // The default logger prints the requests that fail, signatures included.
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  })
  return { client, s3, lib }
}

const statusOf = (error: unknown) =>
  (error as { $metadata?: { httpStatusCode?: number } } | null)?.$metadata?.httpStatusCode ?? 0

/** Files as objects of an S3 bucket; `folder` holds the copies that local programs read. */
class BucketStorage implements Storage {
  #place: S3Place
  #folder: string
  #sdk: Promise<Sdk> | null = null

  constructor(place: S3Place, folder: string) {
    this.#place = place
    this.#folder = folder
  }

  #load = () => (this.#sdk ??= loadSdk(this.#place))

  #object(key: string) {
    return { Bucket: this.#place.bucket, Key: this.#place.prefix + requireKey(key) }
  }

  /** What the server answers, null when it has no such object. */
  async #find<T>(ask: (sdk: Sdk) => Promise<T>): Promise<T | null> {
    try {
      return await ask(await this.#load())
    } catch (error) {
      if (statusOf(error) === 404 && (error as Error).name !== 'NoSuchBucket') return null
      throw error
    }
  }

  async put(key: string, content: AsyncIterable<Uint8Array>) {
    const object = this.#object(key)
    const { client, lib } = await this.#load()
    let bytes = 0
    async function* counted() {
      for await (const chunk of content) {
        bytes += chunk.length
        yield chunk
      }
    }
    const body = Readable.from(counted(), { objectMode: false })
    try {
      // Above one part it is a multipart upload, which appears when it is completed and is aborted when it fails.
      await new lib.Upload({ client, params: { ...object, Body: body }, partSize: partBytes, queueSize: 2 }).done()
    } finally {
      body.destroy()
    }
    return { bytes }
  }

  async read(key: string, range?: ByteRange) {
    const object = this.#object(key)
    const found = await this.#find(({ client, s3 }) =>
      client.send(new s3.GetObjectCommand({ ...object, ...(range && { Range: `bytes=${range.start}-${range.end}` }) })),
    ).catch((error: unknown) => {
      // The range starts after the end.
      if (range && statusOf(error) === 416) return { Body: Readable.from([]) }
      throw error
    })
    return found && (found.Body as Readable)
  }

  async head(key: string) {
    const object = this.#object(key)
    const found = await this.#find(({ client, s3 }) => client.send(new s3.HeadObjectCommand(object)))
    return found && { bytes: found.ContentLength ?? 0 }
  }

  async remove(key: string) {
    const object = this.#object(key)
    const { client, s3 } = await this.#load()
    await client.send(new s3.DeleteObjectCommand(object))
    for await (const below of this.list(`${key}/`))
      await client.send(new s3.DeleteObjectCommand(this.#object(below.key)))
  }

  async *list(prefix = ''): AsyncIterable<StoredFile> {
    const { client, s3 } = await this.#load()
    const start = this.#place.prefix
    const pages = s3.paginateListObjectsV2({ client }, { Bucket: this.#place.bucket, Prefix: start + prefix })
    for await (const { Contents = [] } of pages)
      for (const { Key = '', Size = 0, LastModified = new Date(0) } of Contents) {
        const key = Key.slice(start.length)
        if (isKey(key)) yield { key, bytes: Size, modifiedAt: LastModified }
      }
  }

  async withLocalFile<T>(key: string, work: (path: string) => Promise<T>): Promise<T> {
    const content = await this.read(key)
    if (!content) throw Object.assign(new Error(`No such file: ${key}`), { code: 'ENOENT' })
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const path = join(this.#folder, randomUUID())
    try {
      await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
      return await work(path)
    } finally {
      await rm(path, { force: true })
    }
  }

  locate(key: string) {
    const { Bucket, Key } = this.#object(key)
    return `s3://${Bucket}/${Key}`
  }

  async tidy() {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const found = await stat(join(this.#folder, name)).catch(() => null)
      if (found && found.mtimeMs < Date.now() - abandonedAfter) await rm(join(this.#folder, name), { force: true })
    }
    await this.#abortUploads(new Date(Date.now() - abandonedAfter))
  }

  async #abortUploads(before: Date) {
    const { client, s3 } = await this.#load()
    const { bucket: Bucket, prefix: Prefix } = this.#place
    const { Uploads = [] } = await client.send(new s3.ListMultipartUploadsCommand({ Bucket, Prefix }))
    for (const { Key, UploadId, Initiated = before } of Uploads)
      if (Initiated < before) await client.send(new s3.AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
  }
}

/**
 * Files as objects of an S3 bucket that exists. Asks no other host than the place's, and none before the first use.
 * @param folder of the temporary copies that local programs read
 */
export const storeInBucket = (place: S3Place, folder: string): Storage => new BucketStorage(place, folder)
