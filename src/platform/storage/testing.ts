import { Readable } from 'node:stream'
import { startFauxqs } from 'fauxqs'
import type { Storage } from '../storage.ts'

export const credentials = { accessKeyId: 'AKTEST', secretAccessKey: 'se/cr+t' }

export const content = (value: string): Readable => Readable.from([Buffer.from(value)])

export const keysOf = async (storage: Storage, prefix?: string): Promise<string[]> =>
  (await Array.fromAsync(storage.list(prefix))).map(({ key }) => key)

/** An S3 server in this process; `open` makes a bucket and gives its STORAGE_URL. */
export async function startS3() {
  const server = await startFauxqs({ port: 0, logger: false })
  let number = 0
  return {
    port: server.port,
    endpoint: `http://127.0.0.1:${server.port}`,
    stop: () => server.stop(),
    lastBucket: () => `bucket-${number}`,
    open(prefix = '/archives'): string {
      const name = `bucket-${++number}`
      server.createBucket(name)
      const secret = encodeURIComponent(credentials.secretAccessKey)
      return `s3://${credentials.accessKeyId}:${secret}@127.0.0.1:${server.port}/${name}${prefix}?tls=off`
    },
  }
}
