/** Validity of a sign-in link, in minutes. */
export const linkMinutes = 15

/** Validity of a session, in days. */
export const sessionDays = 14

/** Shortest password, in characters. */
export const passwordLength = 12

/** Whether a password is too short, too monotonous, or made of the address. */
export function isWeak(password: string, email: string): boolean {
  const [local = ''] = email.split('@')
  const rest = local.length > 2 ? password.toLowerCase().replaceAll(local, '') : password
  return rest.length < passwordLength || password.length > 200 || new Set(rest).size < 5
}

/** Address of the first administrator until he gives his own. No mail goes there. */
export const placeholderEmail = 'administrateur@localhost'

/** Only an address of this site: `//elsewhere` and `/\elsewhere` would be another. */
export const ownPath = (text: string | null | undefined): string =>
  text && /^\/(?![/\\])/.test(text) && !/[\p{Cc}\\]/u.test(text) ? text : '/espace'

/** An address as it is kept and compared, or null when it is none. */
export function toEmail(text: string): string | null {
  const email = text.trim().toLowerCase()
  return email.length <= 254 && /^[^\s<>()[\],;:\\"@\p{Cc}]{1,64}@[^\s<>()[\],;:\\"@\p{Cc}]{1,189}$/u.test(email)
    ? email
    : null
}

const browsers = [
  ['Edge', /\bEdgA?\//],
  ['Opera', /\bOPR\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|HeadlessChrome)\//],
  ['Safari', /\bVersion\/[\d.]+ .*\bSafari\//],
] as const

const systems = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows\b/],
  ['Mac', /\bMacintosh\b/],
  ['Linux', /\bLinux\b/],
] as const

const nameOf = (list: readonly (readonly [string, RegExp])[], text: string) =>
  list.find(([, pattern]) => pattern.test(text))?.[0] ?? null

/** The family of a browser and its system, null where unknown: enough to recognise one's own devices. */
export const browserOf = (userAgent: string | null) => ({
  browser: nameOf(browsers, userAgent ?? ''),
  system: nameOf(systems, userAgent ?? ''),
})

/** What the forms of the account's page do, as its address says afterwards. */
export const dones = [
  'name',
  'email',
  'confirm',
  'password',
  'passwordRemoved',
  'session',
  'sessions',
  'passkey',
  'passkeyAdded',
  'passkeyRemoved',
] as const
export type Done = (typeof dones)[number]
export const isDone = (text: string | null): text is Done => dones.some((one) => one === text)
