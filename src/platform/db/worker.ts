import { setFlagsFromString } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type Results, type Transaction } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { DurableFS, fsyncCounter } from './durable-fs.ts'

interface Call {
  id: number
  method: string
  args: unknown[]
}

const port = parentPort!
const settings = {
  fsync: 'on',
  wal_sync_method: 'fsync',
  shared_buffers: '16MB',
  // The journal's files are removed once they are of no use, not kept for what follows: an erasure must reach the disk.
  wal_recycle: 'off',
  wal_init_zero: 'off',
  min_wal_size: '32MB',
  max_wal_size: '64MB',
}
// V8 takes 600 MB to optimise PostgreSQL's expression interpreter, which every start calls: what is compiled meanwhile
// keeps its baseline code. Peak 290 MB instead of 780 for 200,000 rows imported, in 20 % more time.
setFlagsFromString('--wasm-tier-up-filter=1000000')
const pg = await PGlite.create({
  fs: new DurableFS(workerData.folder as string),
  startParams: [
    ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ],
  extensions: { pg_trgm },
})
setFlagsFromString('--wasm-tier-up-filter=-1')

let open: {
  transaction: Transaction
  commit: () => void
  rollback: (error: Error) => void
  ended: Promise<void>
} | null = null
const listeners = new Map<string, () => Promise<void>>()

function begin(): Promise<void> {
  return new Promise((started, failed) => {
    const hold = Promise.withResolvers<void>()
    const ended = pg.transaction(async (transaction) => {
      open = { transaction, commit: hold.resolve, rollback: hold.reject, ended }
      started()
      await hold.promise
    })
    ended.catch(failed)
  })
}

async function end(commit: boolean) {
  const current = open
  if (!current) throw new Error('No transaction is open')
  open = null
  if (commit) {
    current.commit()
    await current.ended
  } else {
    current.rollback(new Error('rollback'))
    await current.ended.catch(() => undefined)
  }
}

const slim = (result: Results<unknown>) => ({
  rows: result.rows,
  affectedRows: result.affectedRows,
  fields: result.fields,
})

const methods: Record<string, (...args: never[]) => unknown> = {
  query: async (sql: string, parameters: unknown[], options: { blob?: Uint8Array } | null, inTransaction: boolean) => {
    const target = inTransaction ? open!.transaction : pg
    const { blob, ...rest } = options ?? {}
    const result = await target.query(sql, parameters, blob ? { ...rest, blob: new Blob([blob as BlobPart]) } : rest)
    return result.blob ? { ...slim(result), blob: await result.blob.bytes() } : slim(result)
  },
  exec: async (sql: string, inTransaction: boolean) =>
    (await (inTransaction ? open!.transaction : pg).exec(sql)).map(slim),
  begin,
  commit: () => end(true),
  rollback: () => end(false),
  listen: async (channel: string) => {
    if (listeners.has(channel)) return
    listeners.set(channel, await pg.listen(channel, (payload) => port.postMessage({ channel, payload })))
  },
  unlisten: async (channel: string) => {
    await listeners.get(channel)?.()
    listeners.delete(channel)
  },
  fsyncs: () => fsyncCounter.calls,
  close: () => pg.close(),
}

port.on('message', async ({ id, method, args }: Call) => {
  try {
    port.postMessage({ id, value: await methods[method]!(...(args as never[])) })
  } catch (error) {
    const failure = error as Error
    port.postMessage({ id, error: { ...failure, name: failure.name, message: failure.message } })
  }
})
port.postMessage({ ready: true })
