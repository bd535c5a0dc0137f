/** Whether this browser makes and reads passkeys on this site (a name in https, or localhost). */
export const hasPasskeys = (): boolean =>
  typeof PublicKeyCredential === 'function' &&
  typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function' &&
  window.isSecureContext &&
  !/^[\d.]+$|^\[/.test(location.hostname)

async function ask<T>(path: string, body: object): Promise<T> {
  const response = await fetch(`/api/auth/passkey/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as T & { detail?: string }
  if (!response.ok) throw new PasskeyError(answer.detail ?? '')
  return answer
}

/** A refusal of the server, in words. */
export class PasskeyError extends Error {}

/** Asks the browser for a passkey and signs in with it. @throws {PasskeyError} @throws {DOMException} when the visitor gives up */
export async function signInWithPasskey(): Promise<void> {
  const options = await ask<PublicKeyCredentialRequestOptionsJSON>('options', {})
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON({ ...options, userVerification: 'required' })
  const credential = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  await ask('sign-in', { response: credential.toJSON() as object })
}

/** Makes a passkey for who is signed in. @throws as `signInWithPasskey` */
export async function addPasskey(name: string): Promise<void> {
  const options = await ask<PublicKeyCredentialCreationOptionsJSON>('new', {})
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  const credential = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  await ask('add', { response: credential.toJSON() as object, name })
}
