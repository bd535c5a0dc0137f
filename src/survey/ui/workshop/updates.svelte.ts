import { registerWorker } from '../device/registration.ts'

/** Newer versions of the page: offered, never imposed in the middle of a visit. */
export class Updates {
  #apply = $state.raw<(() => void) | null>(null)
  get ready(): boolean {
    return this.#apply !== null
  }
  /** @param onSent called when the worker has sent what waited, without the page */
  begin(onSent: () => void): void {
    void registerWorker({ onUpdate: (apply) => (this.#apply = apply), onSent })
  }
  apply(): void {
    this.#apply?.()
  }
}
