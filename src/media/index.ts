import type { Capability } from '#platform'

/** Files that people deposit: received, made safe, derived, kept with their rights. */
export const media: Capability = { name: 'media' }
