import type { Page } from 'playwright-core'

/** A passkey inside of an authenticator. Ids and keys are base64. */
export interface AuthenticatorKey {
  readonly credentialId: string
  readonly isResidentCredential: boolean
  readonly rpId?: string
  /** PKCS #8. */
  readonly privateKey: string
  readonly userHandle?: string
  readonly signCount: number
}

/** An authenticator built into the browser's machine, which touches itself. */
export interface Authenticator {
  readonly keys: () => Promise<readonly AuthenticatorKey[]>
  /** Stores a key that another authenticator made. */
  readonly add: (key: AuthenticatorKey) => Promise<void>
  readonly remove: (credentialId: string) => Promise<void>
  /** Whether fingerprint or PIN are right from now on. */
  readonly setUserVerified: (isUserVerified: boolean) => Promise<void>
  /** The next signature counts one more. */
  readonly setSignCount: (credentialId: string, signCount: number) => Promise<void>
}

/**
 * Gives a page an authenticator for passkeys (CTAP 2, https://chromedevtools.github.io/devtools-protocol/tot/WebAuthn/).
 * Without `userVerification` it has neither PIN nor fingerprint reader. It stays for all pages that the tab opens.
 */
export async function addAuthenticator(
  page: Page,
  { userVerification = true }: { readonly userVerification?: boolean } = {},
): Promise<Authenticator> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('WebAuthn.enable', { enableUI: false })
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: userVerification,
      isUserVerified: userVerification,
      automaticPresenceSimulation: true,
    },
  })
  const keys = async (): Promise<readonly AuthenticatorKey[]> =>
    (await devTools.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  const add = async (credential: AuthenticatorKey): Promise<void> =>
    void (await devTools.send('WebAuthn.addCredential', { authenticatorId, credential }))
  const remove = async (credentialId: string): Promise<void> =>
    void (await devTools.send('WebAuthn.removeCredential', { authenticatorId, credentialId }))
  return {
    keys,
    add,
    remove,
    setUserVerified: async (isUserVerified) =>
      void (await devTools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified })),
    setSignCount: async (credentialId, signCount) => {
      const key = (await keys()).find((known) => known.credentialId === credentialId)
      if (!key) throw new Error(`The authenticator has no key ${credentialId}.`)
      await remove(credentialId)
      await add({ ...key, signCount })
    },
  }
}
