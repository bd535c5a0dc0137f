export * from './rights/model.ts'

/** Validity of the first administrator's link, in minutes. */
export const linkMinutes = 15

/** Validity of a session, in days. */
export const sessionDays = 14
