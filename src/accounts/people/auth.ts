import { newId, sql, type App } from '#platform'
import { passwordLength, sessionDays } from './model.ts'
import { getSecret } from './secret.ts'
import { hashToken } from './tokens.ts'

const day = 86_400

const timestamps = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** Our names of the library's tables and columns. */
const tables = {
  user: { modelName: 'person', fields: { ...timestamps, emailVerified: 'email_verified' } },
  session: {
    modelName: 'session',
    fields: {
      ...timestamps,
      userId: 'person',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
    },
  },
  account: {
    modelName: 'account',
    fields: {
      ...timestamps,
      userId: 'person',
      providerId: 'provider_id',
      accountId: 'account_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: { modelName: 'verification', fields: { ...timestamps, expiresAt: 'expires_at' } },
  passkey: {
    modelName: 'passkey',
    fields: {
      userId: 'person',
      publicKey: 'public_key',
      credentialID: 'credential_id',
      deviceType: 'device_type',
      backedUp: 'backed_up',
      createdAt: 'created_at',
    },
  },
}

const withoutTokens = {
  accessToken: null,
  refreshToken: null,
  idToken: null,
  accessTokenExpiresAt: null,
  refreshTokenExpiresAt: null,
}

const logOf = (app: App) => ({
  level: 'error' as const,
  log: (_level: string, message: string, ...details: unknown[]) =>
    app.log.error({ err: details.find((one) => one instanceof Error) }, `sign-in: ${message}`),
})

/**
 * The options of better-auth on our database. Its HTTP handler is not mounted: pages and the few routes of `routes.ts`
 * call `auth.api` themselves. Strangers open no account, except through `plugins` that allow it.
 */
export function optionsOf(app: App) {
  const { config, db } = app
  return {
    appName: 'Artisanumérique',
    // Without PUBLIC_URL, the host that the browser sees: `toHeaders` alone composes what is read here.
    baseURL: config.publicUrl ?? { allowedHosts: ['*'], protocol: 'auto' as const },
    basePath: '/api/auth',
    secrets: [{ version: 1, value: getSecret(app) }],
    database: { db: db.kysely, type: 'postgres' as const, schemaName: 'accounts', transaction: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: logOf(app),
    advanced: {
      // `cookies.ts` adds Secure on https: one program may answer on both.
      useSecureCookies: false,
      trustedProxyHeaders: true,
      ipAddress: { disableIpTracking: true },
      database: { generateId: () => newId(), validateSchema: false },
      cookiePrefix: 'sign-in',
      cookies: { session_token: { name: 'session' } },
    },
    user: {
      ...tables.user,
      additionalFields: { administrator: { type: 'boolean' as const, input: false, defaultValue: false } },
    },
    session: {
      ...tables.session,
      expiresIn: sessionDays * day,
      disableSessionRefresh: true,
      freshAge: day,
    },
    account: { ...tables.account, updateAccountOnSignIn: false },
    verification: tables.verification,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength,
      maxPasswordLength: 200,
    },
    databaseHooks: {
      session: {
        create: {
          after: async ({ userId }: { userId: string }) => {
            await sql`update accounts.person set signed_in_at = now() where id = ${userId}`.execute(db.kysely)
          },
        },
      },
      account: {
        create: { before: async (account: object) => ({ data: { ...account, ...withoutTokens } }) },
      },
    },
  }
}

// Read at the first sign-in: half a second and 70 MB, which no command needs.
async function makeAuth(app: App) {
  const [{ betterAuth }, { APIError }, { magicLink }, { passkey }] = await Promise.all([
    import('better-auth'),
    import('better-auth/api'),
    import('better-auth/plugins/magic-link'),
    import('@better-auth/passkey'),
  ])
  const requireOwner = async (verified: boolean | undefined) => {
    if (!verified) throw new APIError('UNAUTHORIZED', { code: 'USER_NOT_VERIFIED' })
  }
  return betterAuth({
    ...optionsOf(app),
    plugins: [
      magicLink({
        disableSignUp: true,
        storeToken: { type: 'custom-hasher', hash: async (token) => hashToken(token) },
        // Links are made by `links.ts` alone.
        sendMagicLink: () => undefined,
      }),
      passkey({
        rpName: 'Artisanumérique',
        schema: { passkey: tables.passkey },
        // The key stands for the whole sign-in: it must be found without an address and know its owner.
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        registration: {
          afterVerification: ({ verification }) => requireOwner(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) => requireOwner(verification.authenticationInfo.userVerified),
        },
      }),
    ],
  })
}

export type Auth = Awaited<ReturnType<typeof makeAuth>>

/** The sign-in library of this application, made at its first use, after the migrations. */
export const getAuth = (app: App): Promise<Auth> => app.once('accounts.auth', () => makeAuth(app))
