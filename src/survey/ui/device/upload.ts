import { Upload, type DetailedError, type HttpRequest, type HttpResponse, type HttpStack } from 'tus-js-client'
import type { Uploaded, UploadFile } from './files.ts'
import type { KeptFile } from './journal.ts'

/** Requests of tus by `fetch`: a service worker has nothing else. */
class FetchRequest implements HttpRequest {
  readonly #method: string
  readonly #url: string
  readonly #headers = new Headers()
  readonly #abort = new AbortController()

  constructor(method: string, url: string) {
    this.#method = method
    this.#url = url
  }
  getMethod = () => this.#method
  getURL = () => this.#url
  setHeader = (name: string, value: string) => this.#headers.set(name, value)
  getHeader = (name: string) => this.#headers.get(name) ?? undefined
  setProgressHandler = () => {}
  getUnderlyingObject = () => undefined
  abort = async () => this.#abort.abort()

  async send(body: Blob | null | undefined): Promise<HttpResponse> {
    const response = await fetch(this.#url, {
      method: this.#method,
      headers: this.#headers,
      body: body ?? null,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: this.#abort.signal,
    })
    const text = await response.text()
    return {
      getStatus: () => response.status,
      getHeader: (name) => response.headers.get(name) ?? undefined,
      getBody: () => text,
      getUnderlyingObject: () => undefined,
    }
  }
}

const byFetch: HttpStack = {
  createRequest: (method, url) => new FetchRequest(method, url),
  getName: () => 'fetch',
}

const chunkBytes = 2 * 1024 * 1024
const isPassing = (status: number) => status === 0 || status >= 500 || status === 423 || status === 429

/** One attempt; `url` resumes what the server knows. Answers the status that ended it, 0 without network, 200 when all is there. */
function attempt(
  file: KeptFile,
  { endpoint, delays }: { endpoint: string; delays: number[] },
  url: string | null,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const upload = new Upload(file.blob as Blob & File, {
      ...(url === null ? { endpoint } : { uploadUrl: url }),
      metadata: { filename: file.name, filetype: file.type, subject: file.subject, id: file.id },
      httpStack: byFetch,
      chunkSize: chunkBytes,
      retryDelays: delays,
      storeFingerprintForResuming: false,
      onShouldRetry: (error) => isPassing(error.originalResponse?.getStatus() ?? 0),
      onSuccess: () => resolve({ status: 200, body: '' }),
      onError(error) {
        const answer = (error as DetailedError).originalResponse ?? null
        resolve({ status: answer?.getStatus() ?? 0, body: answer?.getBody() ?? '' })
      },
    })
    upload.start()
  })
}

const stopped: Uploaded = { outcome: 'stopped' }

/**
 * Sends by tus (resumable uploads 1.0) to `/depot`. The server names the upload after the file's id: where it knows it,
 * what is missing is sent after what it has, and where it has finished with it, nothing is.
 * @param delays ms before each further try of one request that had no answer
 */
export const createUpload =
  (endpoint = '/depot', delays = [0, 1000, 3000]): UploadFile =>
  async (file) => {
    const where = { endpoint, delays }
    const first = await attempt(file, where, null)
    if (first.status === 200) return { outcome: 'sent' }
    if (first.status === 409) {
      const rest = await attempt(file, where, `${endpoint}/${file.id}`)
      // All came before, and was taken in: there is no upload any more.
      const done = rest.status === 200 || (rest.status >= 400 && rest.status < 500 && !isPassing(rest.status))
      return done ? { outcome: 'sent' } : stopped
    }
    // Not signed in, or not this server: it is not the file's fault.
    if (isPassing(first.status) || [401, 403, 404, 408].includes(first.status) || first.status < 400) return stopped
    return { outcome: 'refused', message: first.body }
  }
