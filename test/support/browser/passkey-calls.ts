import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import type { Page } from 'playwright-core'

const calls = { create: 'Creation', get: 'Request' } as const

/** Lets a page call WebAuthn with options in JSON. Errors begin with the name that the browser gives them. */
async function callWebAuthn(page: Page, name: keyof typeof calls, options: object): Promise<unknown> {
  const outcome = await page.evaluate<{ readonly credential?: unknown; readonly error?: string }>(
    `navigator.credentials.${name}({
      publicKey: PublicKeyCredential.parse${calls[name]}OptionsFromJSON(${JSON.stringify(options)})
    }).then(
      (credential) => ({ credential: credential.toJSON() }),
      (error) => ({ error: error.name + ': ' + error.message }),
    )`,
  )
  if (outcome.error !== undefined) throw new Error(outcome.error)
  return outcome.credential
}

/** A page registers a passkey. */
export async function createPasskey(page: Page, options: object): Promise<RegistrationResponseJSON> {
  return (await callWebAuthn(page, 'create', options)) as RegistrationResponseJSON
}

/** A page has a challenge signed. */
export async function signWithPasskey(page: Page, options: object): Promise<AuthenticationResponseJSON> {
  return (await callWebAuthn(page, 'get', options)) as AuthenticationResponseJSON
}
