import type { Page } from 'playwright-core'
import { ask } from '../page/local.ts'
import type { SoftwareKey } from '../passkeys/software-key.ts'
import { type Authenticator, addAuthenticator } from './authenticator.ts'

// Passkeys that a test knows, in the authenticator of a browser or of a program that pretends to be one.

/** The authenticator of a person that holds a key, in the browser of this page. */
export async function holdKey(page: Page, key: SoftwareKey): Promise<Authenticator> {
  const authenticator = await addAuthenticator(page)
  await authenticator.add({
    credentialId: Buffer.from(key.credentialId, 'base64url').toString('base64'),
    privateKey: key.privateKey,
    rpId: 'localhost',
    isResidentCredential: false,
    signCount: 1,
  })
  return authenticator
}

/** What a page gives to whoever may read it: the options for a passkey, and the token of its form. */
interface Offered {
  readonly options: { readonly challenge: string }
  readonly token: string
}

/** What a page with a button for passkeys offers. */
export async function offeredOn(page: Page): Promise<Offered> {
  const button = page.getByRole('button', { name: 'Approve with a passkey' })
  const [options, sent] = [await button.getAttribute('data-options'), await button.getAttribute('data-send')]
  return { options: JSON.parse(options ?? ''), token: JSON.parse(sent ?? '').token }
}

const unescaped = (text: string): string => text.replaceAll('&quot;', '"')

/** The same, for a program that reads the page. */
export async function offeredAt(link: string): Promise<Offered> {
  const { body } = await ask(link)
  const dataOf = (name: string) =>
    JSON.parse(unescaped(new RegExp(` data-${name}="([^"]*)"`).exec(body)?.[1] ?? ''))
  return { options: dataOf('options'), token: dataOf('send').token }
}

/** Sends a signature as a program does that pretends to be the page. */
export async function sendSignature(
  link: string,
  token: string,
  assertion: unknown,
): Promise<{ readonly status: number; readonly error?: string }> {
  const { status, body } = await ask(`${link}/passkey`, {
    method: 'POST',
    headers: { origin: new URL(link).origin, 'content-type': 'application/json' },
    body: JSON.stringify({ token, assertion }),
  })
  return { status, error: JSON.parse(body).error }
}
