import { placeholderEmail, toEmail } from '../model.ts'

/** What we read of a provider's userinfo (OpenID Connect Core § 5.1; `usual_name` is ProConnect's). */
export interface Claims {
  sub?: unknown
  email?: unknown
  email_verified?: unknown
  name?: unknown
  given_name?: unknown
  family_name?: unknown
  usual_name?: unknown
}

const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '')

/**
 * Who a provider says has signed in, or null when it gives no identity, or an address that it did not verify.
 * @param statesVerification whether the provider says which addresses it verified; one that never does, as ProConnect,
 *   gives addresses that it vouches for
 */
export function toProfile(claims: Claims, statesVerification: boolean) {
  const [sub, email] = [text(claims.sub), toEmail(text(claims.email))]
  const verified = claims.email_verified === true || (claims.email_verified === undefined && !statesVerification)
  if (!sub || !email || !verified || email === placeholderEmail) return null
  const given = [text(claims.given_name), text(claims.usual_name) || text(claims.family_name)].filter(Boolean).join(' ')
  return { id: sub, sub, email, emailVerified: true, name: (text(claims.name) || given || email).slice(0, 100) }
}

const wanted = ['openid', 'email', 'profile', 'given_name', 'usual_name']

/** The scopes that we ask for: who, an address and a name, in the provider's words. */
export const toScopes = (supported: readonly string[] | undefined): string[] =>
  supported ? wanted.filter((one) => one === 'openid' || supported.includes(one)) : ['openid', 'email', 'profile']
