import * as v from 'valibot'
import type { App, Config } from '#platform'
import { optionsOf } from '../auth.ts'
import { providerUnreachable } from '../errors.ts'
import { toProfile, toScopes, type Claims } from './profile.ts'

/** How the provider is called in accounts and addresses. */
export const providerId = 'oidc'

const patience = 10_000

const metadataSchema = v.object({
  issuer: v.string(),
  userinfo_endpoint: v.string(),
  jwks_uri: v.string(),
  scopes_supported: v.optional(v.array(v.string())),
  claims_supported: v.optional(v.array(v.string())),
})

type Metadata = v.InferOutput<typeof metadataSchema>

async function get(address: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(address, { headers, redirect: 'error', signal: AbortSignal.timeout(patience) })
  if (!response.ok) throw new Error(`${new URL(address).origin} answered ${response.status}`)
  return response
}

const discoveryOf = (issuer: string) => `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`

async function discover(issuer: string): Promise<Metadata> {
  const metadata = v.parse(metadataSchema, await (await get(discoveryOf(issuer))).json())
  // OpenID Connect Discovery § 4.3
  if (metadata.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, ''))
    throw new Error(`The provider calls itself ${metadata.issuer}`)
  return metadata
}

const subjectOf = (idToken: string): unknown =>
  (JSON.parse(Buffer.from(idToken.split('.')[1]!, 'base64url').toString()) as Claims).sub

/** The claims of the userinfo, plain or as a signed JWT, for the subject of an id_token that was verified before. */
async function readClaims(metadata: Metadata, clientId: string, tokens: Tokens): Promise<Claims | null> {
  if (!tokens.accessToken || !tokens.idToken) return null
  const { verifyJwsAccessToken } = await import('@better-auth/core/oauth2')
  const authorization = `Bearer ${tokens.accessToken}`
  const response = await get(metadata.userinfo_endpoint, { authorization, accept: 'application/jwt, application/json' })
  const claims = response.headers.get('content-type')?.startsWith('application/jwt')
    ? await verifyJwsAccessToken(await response.text(), {
        jwksFetch: metadata.jwks_uri,
        verifyOptions: { issuer: metadata.issuer, audience: clientId },
      })
    : ((await response.json()) as Claims)
  // OpenID Connect Core § 5.3.2
  return claims.sub === subjectOf(tokens.idToken) ? claims : null
}

interface Tokens {
  accessToken?: string
  idToken?: string
}

async function makeAuth(app: App, oidc: NonNullable<Config['oidc']>) {
  const metadata = await discover(oidc.issuer)
  const [{ betterAuth }, { genericOAuth }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins/generic-oauth'),
  ])
  const statesVerification = metadata.claims_supported?.includes('email_verified') ?? true
  const auth = betterAuth({
    ...optionsOf(app),
    onAPIError: { errorURL: '/connexion?erreur=fournisseur' },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId,
            clientId: oidc.clientId,
            clientSecret: oidc.clientSecret,
            discoveryUrl: discoveryOf(oidc.issuer),
            pkce: true,
            requireIdTokenVerification: true,
            scopes: toScopes(metadata.scopes_supported),
            disableProviderLogout: true,
            getUserInfo: async (tokens) => {
              try {
                const claims = await readClaims(metadata, oidc.clientId, tokens)
                return claims && toProfile(claims, statesVerification)
              } catch (error) {
                app.log.error({ err: error }, 'the identity provider’s userinfo is not usable')
                return null
              }
            },
          },
        ],
      }),
    ],
  })
  if (!(await auth.$context).socialProviders.some(({ id }) => id === providerId))
    throw new Error('The provider’s metadata are not usable')
  return auth
}

type ProviderAuth = Awaited<ReturnType<typeof makeAuth>>

/**
 * The sign-in through the configured provider; its metadata are read at the first use, again after a failure.
 * @throws {UserError} 502 while the provider does not answer
 */
export async function getProviderAuth(app: App, oidc: NonNullable<Config['oidc']>): Promise<ProviderAuth> {
  const kept = app.once('accounts.oidc', () => ({ auth: null as Promise<ProviderAuth> | null }))
  kept.auth ??= makeAuth(app, oidc)
  try {
    return await kept.auth
  } catch (error) {
    kept.auth = null
    app.log.error({ err: error }, 'the identity provider does not answer')
    throw providerUnreachable()
  }
}
