export const ageClasses = ['adult', 'minor'] as const
export type AgeClass = (typeof ageClasses)[number]

/** Longest life of a guest's link, in days. */
export const guestDays = 366
