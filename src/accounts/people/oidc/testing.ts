import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider, type Configuration } from 'oidc-provider'

export interface IdentityProvider {
  issuer: string
  /** Who signs in from now on: the claims of the userinfo, `sub` among them. */
  person: { sub: string; [claim: string]: unknown }
  /** An answer that replaces the signed userinfo. */
  userinfo: { type: string; body: string } | null
  /** Opens it for a client that returns to `redirect`; before that it answers 503. */
  open(redirect: string): void
  close(): Promise<void>
}

const client = { id: 'artisanumerique', secret: 'un-secret-de-client-assez-long-pour-un-test' }

const jwks = () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'test', use: 'sig', alg: 'RS256' }] }
}

const configuration = (redirect: string, personOf: () => IdentityProvider['person']): Configuration => ({
  clients: [
    {
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [redirect],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      userinfo_signed_response_alg: 'RS256',
    },
  ],
  jwks: jwks() as NonNullable<Configuration['jwks']>,
  cookies: { keys: ['une-clé-de-test'] },
  pkce: { required: () => true },
  ttl: { Interaction: 60, Grant: 60, Session: 60, AccessToken: 60, AuthorizationCode: 60, IdToken: 60 },
  scopes: ['openid', 'email', 'given_name', 'usual_name'],
  claims: {
    openid: ['sub'],
    email: ['email', 'email_verified'],
    given_name: ['given_name'],
    usual_name: ['usual_name'],
  },
  features: { jwtUserinfo: { enabled: true }, devInteractions: { enabled: false } },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  findAccount: (_ctx, id) => ({ accountId: id, claims: async () => personOf() }),
  loadExistingGrant: async (ctx) => {
    const { oidc } = ctx
    const grant = new oidc.provider.Grant({ clientId: oidc.client!.clientId, accountId: oidc.session!.accountId! })
    grant.addOIDCScope('openid email given_name usual_name')
    await grant.save()
    return grant
  },
})

/**
 * A real OpenID Connect provider on loopback, as ProConnect is one: PKCE is demanded, the userinfo is a signed JWT; it
 * signs `person` in without asking.
 */
export async function startProvider(): Promise<IdentityProvider> {
  let provider: Provider | null = null
  const server: Server = createServer(async (request, response) => {
    if (!provider) return void response.writeHead(503).end()
    if (state.userinfo && request.url === '/me')
      return void response.writeHead(200, { 'content-type': state.userinfo.type }).end(state.userinfo.body)
    if (!request.url!.startsWith('/interaction/')) return void provider.callback()(request, response)
    await provider.interactionFinished(request, response, { login: { accountId: state.person.sub } })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const state: IdentityProvider = {
    issuer,
    person: { sub: '1' },
    userinfo: null,
    open(redirect) {
      provider = new Provider(
        issuer,
        configuration(redirect, () => state.person),
      )
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return state
}

export const oidcClient = client
