import { Upload, type DetailedError } from 'tus-js-client'

export type SendingState = 'sending' | 'paused' | 'retrying' | 'sent' | 'failed' | 'refused'

/** One file on its way. */
export interface Sending {
  readonly key: number
  readonly name: string
  readonly state: SendingState
  /** 0 to 1. */
  readonly share: number
  /** The server's sentence, where it refused. */
  readonly reason: string
  /** Number of its deposit once all came. */
  readonly id: string | null
  pause(): void
  resume(): void
  cancel(): void
}

const chunkBytes = 8 * 1024 * 1024
const delays = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000]

let keys = 0

/**
 * Sends a file by parts (tus): what the server has acknowledged is never sent again, after a cut, a pause or a reload;
 * the browser remembers it under the file's name, size and date.
 * @param subject what the file shows: a SIRET, or `moi`
 * @param onEnd called when it was cancelled, to take it off the list
 */
export function send(file: File, subject: string, onEnd: (key: number) => void): Sending {
  const key = keys++
  let state = $state<SendingState>('sending')
  let share = $state(0)
  let reason = $state('')
  let id = $state<string | null>(null)
  const upload = new Upload(file, {
    endpoint: '/depot',
    metadata: { filename: file.name, subject },
    fingerprint: async () => ['depot', file.name, file.size, file.lastModified, subject].join('-'),
    chunkSize: chunkBytes,
    retryDelays: delays,
    removeFingerprintOnSuccess: true,
    onShouldRetry(error) {
      const status = error.originalResponse?.getStatus() ?? 0
      // No answer, or a server that restarts: it will come back.
      const again = status === 0 || status >= 500 || status === 409 || status === 423 || status === 429
      if (again) state = 'retrying'
      return again
    },
    onProgress(sent, total) {
      if (state === 'retrying') state = 'sending'
      share = total > 0 ? sent / total : 1
    },
    onError(error) {
      const answer = (error as DetailedError).originalResponse
      const status = answer?.getStatus() ?? 0
      state = status >= 400 && status < 500 ? 'refused' : 'failed'
      reason = state === 'refused' ? (answer?.getBody() ?? '') : ''
    },
    onSuccess() {
      state = 'sent'
      share = 1
      id = upload.url?.split('/').at(-1) ?? null
    },
  })
  const begin = async () => {
    state = 'sending'
    if (!upload.url) {
      const [previous] = await upload.findPreviousUploads()
      if (previous) upload.resumeFromPreviousUpload(previous)
    }
    upload.start()
  }
  void begin()
  return {
    key,
    name: file.name,
    get state() {
      return state
    },
    get share() {
      return share
    },
    get reason() {
      return reason
    },
    get id() {
      return id
    },
    pause() {
      state = 'paused'
      void upload.abort()
    },
    resume: () => void begin(),
    cancel() {
      void upload.abort(true).catch(() => undefined)
      onEnd(key)
    },
  }
}
