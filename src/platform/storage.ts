import { join } from 'node:path'
import type { Config } from './config.ts'
import type { Storage } from './storage/contract.ts'
import { storeInFolder } from './storage/files.ts'
import { parseS3Url } from './storage/s3-url.ts'
import { storeInBucket } from './storage/s3.ts'

export type { ByteRange, Storage, StoredFile } from './storage/contract.ts'

/** Files in the bucket of `storageUrl`, else under `dataDir/files`. */
export function createStorage({ dataDir, storageUrl }: Pick<Config, 'dataDir' | 'storageUrl'>): Storage {
  return storageUrl
    ? storeInBucket(parseS3Url(storageUrl), join(dataDir, 'tmp'))
    : storeInFolder(join(dataDir, 'files'))
}
