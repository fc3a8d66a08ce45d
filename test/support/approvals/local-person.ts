import { ask, postForm, type Received } from '../page/local.ts'
import { hiddenValue } from '../page/page.ts'
import type { SoftwareKey } from '../passkeys/software-key.ts'
import type { LocalServer } from './local-server.ts'
import { type SigningForm, signingForm } from './signing-form.ts'

// What a person does on the approval page of this machine, and what others try there, over HTTP.

/** The decision form of a page that was opened with the page key. */
export async function keyForm(
  { page }: LocalServer,
  code: string,
): Promise<{ readonly link: string; readonly fields: Readonly<Record<string, string>> }> {
  const shown = await ask(await page.keyLinkFor(code))
  return {
    link: await page.linkFor(code),
    fields: { key: hiddenValue(shown, 'key'), token: hiddenValue(shown, 'token') },
  }
}

/** Presses a button of the page, with the page key. */
export async function decideWithKey(
  server: LocalServer,
  code: string,
  decision: 'approve' | 'decline' = 'approve',
): Promise<Received> {
  const { link, fields } = await keyForm(server, code)
  return postForm(link, { ...fields, decision })
}

/** Posts JSON as the script of the page does. */
export const postJson = (
  link: string,
  value: unknown,
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<Received> =>
  ask(link, {
    method: 'POST',
    headers: {
      origin: new URL(link).origin,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(value),
  })

/** What is signed on the page of a request. */
export interface SigningPage extends SigningForm {
  readonly link: string
  readonly origin: string
  readonly rpId: string
}

/** Opens the page of a request by its link alone. */
export async function openByLink({ page }: Pick<LocalServer, 'page'>, code: string): Promise<SigningPage> {
  const link = await page.linkFor(code)
  const { origin, hostname: rpId } = new URL(link)
  return { ...signingForm(await ask(link)), link, origin, rpId }
}

/** Sends a signature as the script of the page does. */
export const sendSignature = ({ link, fields }: SigningPage, assertion: unknown): Promise<Received> =>
  postJson(`${link}/passkey`, { ...fields, assertion })

/** How a signature differs from a good one. */
export type Ceremony = Partial<Parameters<SoftwareKey['assert']>[0]>

/** A signature on a page. `more`: what the key lies about. */
export const signatureOn = (
  { options: { challenge }, origin, rpId }: SigningPage,
  key: SoftwareKey,
  more: Ceremony = {},
) => key.assert({ challenge, origin, rpId, ...more })

/** Approves a request with a passkey, on its page that is opened by its link alone. */
export async function signByLink(
  server: LocalServer,
  code: string,
  key: SoftwareKey,
  more: Ceremony = {},
): Promise<Received> {
  const page = await openByLink(server, code)
  return sendSignature(page, signatureOn(page, key, more))
}
