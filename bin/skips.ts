import type { Reporter, TestCase } from 'vitest/node'

/** Says at the end of a run which tests did not run, and what each would need. */
export default class Skips implements Reporter {
  readonly #notes = new Map<string, number>()

  onTestCaseResult(test: TestCase) {
    const result = test.result()
    if (result.state !== 'skipped') return
    const note = result.note ?? 'no reason given'
    this.#notes.set(note, (this.#notes.get(note) ?? 0) + 1)
  }

  onTestRunEnd() {
    for (const [note, count] of this.#notes) process.stdout.write(`skipped, ${count} tests: ${note}\n`)
  }
}
