/** Where a command line writes. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** Whether a line may be written over. */
  isTerminal: boolean
  cwd: string
}

const clearLine = '\r\u001B[2K'
const silence = 10_000

/**
 * Shows lines on the output and progress beside it: one line that is written over on a terminal, elsewhere a line every
 * tenth of the way (every ten seconds when the share is unknown).
 */
export function createScreen(terminal: Terminal, now: () => number = Date.now) {
  let open = false
  let tenth = -1
  let last = -Infinity
  const close = () => {
    if (open) terminal.err(clearLine)
    open = false
  }
  return {
    print(line: string) {
      close()
      terminal.out(`${line}\n`)
    },
    progress(line: string, ratio?: number) {
      if (terminal.isTerminal) {
        terminal.err(`${clearLine}${line}`)
        open = true
        return
      }
      const reached = ratio === undefined ? null : Math.floor(ratio * 10)
      if (reached === null ? now() - last < silence : reached === tenth) return
      last = now()
      tenth = reached ?? tenth
      terminal.err(`${line}\n`)
    },
    error(text: string) {
      close()
      terminal.err(`${text}\n`)
    },
    close,
  }
}

export type Screen = ReturnType<typeof createScreen>
