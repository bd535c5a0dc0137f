/**
 * `full`: no room left on the device, nothing was written. `unavailable`: the browser keeps nothing here. `newer`: a newer
 * version of the program has changed the journal. `blocked`: another tab holds an older one open. `damaged`: a file that
 * cannot be read. `other-person`: a file of somebody else.
 */
export const deviceErrors = ['full', 'unavailable', 'newer', 'blocked', 'damaged', 'other-person'] as const
export type DeviceErrorCode = (typeof deviceErrors)[number]

/** What keeps a device from writing or reading; `messages.ts` has its sentence. */
export class DeviceError extends Error {
  readonly code: DeviceErrorCode
  constructor(code: DeviceErrorCode, cause?: unknown) {
    super(code, { cause })
    this.name = 'DeviceError'
    this.code = code
  }
}
