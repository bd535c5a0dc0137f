import { Worker } from 'node:worker_threads'

export interface QueryResult {
  rows: Record<string, unknown>[]
  affectedRows?: number
  fields: { name: string; dataTypeID: number }[]
  /** What `COPY … TO '/dev/blob'` wrote. */
  blob?: Uint8Array
}

interface Reply {
  id?: number
  value?: unknown
  error?: { name: string; message: string }
  channel?: string
  payload?: string
  ready?: boolean
}

export interface PGliteTransaction {
  query(sql: string, parameters?: unknown[], options?: QueryOptions): Promise<QueryResult>
  exec(sql: string): Promise<QueryResult[]>
}

export interface QueryOptions {
  rowMode?: 'object' | 'array'
  /** Bytes that `COPY … FROM '/dev/blob'` reads. */
  blob?: Uint8Array
}

const maximumAge = 10 * 60_000

/**
 * PGlite in a worker thread, behind the methods that Kysely's PGliteDialect and pg-boss use. In the main thread a
 * query of 100 ms would stop every page for 100 ms. One connection: transactions run one after the other, and one
 * that lasts more than ten minutes is rolled back so that it cannot block the product for ever.
 */
export class PGliteClient {
  #worker: Worker
  #next = 1
  #pending = new Map<number, PromiseWithResolvers<unknown>>()
  #listeners = new Map<string, Set<(payload: string) => void>>()
  #queue: Promise<unknown> = Promise.resolve()
  /** Where PostgreSQL's files are. */
  readonly folder: string
  readonly waitReady: Promise<void>
  ready = false
  closed = false

  constructor(folder: string) {
    this.folder = folder
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { folder }, execArgv: [] })
    const started = Promise.withResolvers<void>()
    this.waitReady = started.promise
    this.#worker.on('message', (reply: Reply) => {
      if (reply.ready) {
        this.ready = true
        started.resolve()
      } else if (reply.channel !== undefined) {
        for (const listener of this.#listeners.get(reply.channel) ?? []) listener(reply.payload ?? '')
      } else this.#settle(reply)
    })
    const fail = (error: Error) => {
      this.closed = true
      started.reject(error)
      for (const call of this.#pending.values()) call.reject(error)
      this.#pending.clear()
    }
    this.#worker.on('error', fail)
    this.#worker.on('exit', () => fail(new Error('The embedded database has stopped')))
    started.promise.catch(() => undefined)
  }

  #settle(reply: Reply) {
    const call = this.#pending.get(reply.id!)
    this.#pending.delete(reply.id!)
    if (reply.error) call?.reject(Object.assign(new Error(reply.error.message), reply.error))
    else call?.resolve(reply.value)
  }

  #call<T>(method: string, ...args: unknown[]): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The embedded database is closed'))
    const id = this.#next++
    const call = Promise.withResolvers<unknown>()
    this.#pending.set(id, call)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    this.#worker.postMessage({ id, method, args })
    return call.promise as Promise<T>
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work)
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  query(sql: string, parameters: readonly unknown[] = [], options?: QueryOptions): Promise<QueryResult> {
    return this.#inTurn(() => this.#call('query', sql, parameters, options ?? null, false))
  }

  exec(sql: string): Promise<QueryResult[]> {
    return this.#inTurn(() => this.#call('exec', sql, false))
  }

  transaction<T>(work: (transaction: PGliteTransaction) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      await this.#call('begin')
      const tooOld = Promise.withResolvers<never>()
      const timer = setTimeout(() => tooOld.reject(new Error('Transaction older than ten minutes')), maximumAge)
      try {
        const value = await Promise.race([
          work({
            query: (sql, parameters = [], options) => this.#call('query', sql, parameters, options ?? null, true),
            exec: (sql) => this.#call('exec', sql, true),
          }),
          tooOld.promise,
        ])
        await this.#call('commit')
        return value
      } catch (error) {
        await this.#call('rollback').catch(() => undefined)
        throw error
      } finally {
        clearTimeout(timer)
      }
    })
  }

  async listen(channel: string, listener: (payload: string) => void): Promise<() => Promise<void>> {
    const set = this.#listeners.get(channel) ?? new Set()
    this.#listeners.set(channel, set.add(listener))
    await this.#inTurn(() => this.#call('listen', channel))
    return async () => {
      set.delete(listener)
      if (set.size === 0) await this.#inTurn(() => this.#call('unlisten', channel))
    }
  }

  /** Number of fsync calls since the start. */
  fsyncs(): Promise<number> {
    return this.#call('fsyncs')
  }

  async close(): Promise<void> {
    if (this.closed) return
    await this.#inTurn(() => this.#call('close'))
    this.closed = true
    await this.#worker.terminate()
  }
}
