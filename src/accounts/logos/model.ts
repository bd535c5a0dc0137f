/** Why a file is not taken as a logo: missing, longer than 2 MB, of another format, or unreadable. */
export const logoRefusals = ['vide', 'taille', 'format', 'image'] as const
export type LogoRefusal = (typeof logoRefusals)[number]

/** Address of a body's logo; whether there is one is another question (`findLogo`). */
export const logoPath = (body: string): string => `/organismes/${body}/logo.webp`
