const longestSeconds = 300

/** Records a sound note with the microphone, where the browser lets the page do so. */
export class Recorder {
  state = $state<'idle' | 'recording' | 'refused'>('idle')
  seconds = $state(0)
  /** Only in a secure context: not at the plain address of a machine on a local network. */
  readonly possible = typeof MediaRecorder !== 'undefined' && navigator.mediaDevices !== undefined
  readonly #onEnd: (sound: File) => void
  #recorder: MediaRecorder | null = null
  #timer: ReturnType<typeof setInterval> | undefined

  /** @param onEnd called with the sound once it was stopped, five minutes at most */
  constructor(onEnd: (sound: File) => void) {
    this.#onEnd = onEnd
  }

  async start(): Promise<void> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null)
    if (!stream) {
      this.state = 'refused'
      return
    }
    const parts: Blob[] = []
    const recorder = new MediaRecorder(stream)
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data))
    recorder.addEventListener('stop', () => {
      for (const track of stream.getTracks()) track.stop()
      const type = recorder.mimeType.split(';')[0] || 'audio/webm'
      const ending = type === 'audio/mp4' ? 'm4a' : (type.split('/')[1] ?? 'webm')
      this.#onEnd(new File(parts, `note.${ending}`, { type }))
    })
    recorder.start(1000)
    this.#recorder = recorder
    this.state = 'recording'
    this.seconds = 0
    this.#timer = setInterval(() => {
      if (++this.seconds >= longestSeconds) this.stop()
    }, 1000)
  }

  stop(): void {
    clearInterval(this.#timer)
    if (this.#recorder?.state === 'recording') this.#recorder.stop()
    this.#recorder = null
    if (this.state === 'recording') this.state = 'idle'
  }
}
