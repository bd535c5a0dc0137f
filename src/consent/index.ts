import type { Capability } from '#platform'

/** Who agreed to what, for which use, until when; what may be shown. */
export const consent: Capability = { name: 'consent' }
