import type { Capability } from '#platform'

/** What somebody says about a subject, and the rule that makes an agreed value of it. */
export const statements: Capability = { name: 'statements' }
