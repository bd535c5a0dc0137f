import { createHash, randomBytes } from 'node:crypto'

/** 256 random bits for a link or a cookie. */
export const newToken = () => randomBytes(32).toString('base64url')

/** What the database keeps of a token: a copy of the database opens no session. */
export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')
