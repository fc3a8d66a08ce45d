import { type SigningForm, signingForm } from '../approvals/signing-form.ts'
import type { SoftwareKey } from '../passkeys/software-key.ts'
import type { Answer } from '../service/answer.ts'
import { sendHttp } from '../service/client.ts'
import type { TestService } from '../service/service.ts'
import type { Browser } from './browser.ts'
import { at, pageOrigin } from './page.ts'

/** The name that passkeys of the page belong to. */
export const pageRpId = new URL(pageOrigin).hostname

/** Posts JSON, as the script of the page does, with the cookies of a browser. */
export function postJson(
  { port }: Pick<TestService, 'port'>,
  browser: Browser,
  path: string,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const url = new URL(at(path))
  return sendHttp(port, {
    path,
    headers: {
      host: url.host,
      origin: pageOrigin,
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      'content-type': 'application/json',
      cookie: browser.jar.header(url, false),
      ...more,
    },
    body: JSON.stringify(value),
  })
}

/** What the page of a call asks a passkey of the person for who is logged in. */
const signingFormOf = async (browser: Browser, code: string): Promise<SigningForm> =>
  signingForm({ body: (await browser.open(at(`/approve/${code}`))).text })

/** Approves a call with a passkey. `more`: what the key lies about. */
export async function sign(
  service: Pick<TestService, 'port'>,
  browser: Browser,
  code: string,
  key: SoftwareKey,
  more: Partial<Parameters<SoftwareKey['assert']>[0]> = {},
): Promise<Answer> {
  const { options, fields } = await signingFormOf(browser, code)
  const { challenge } = options
  const assertion = key.assert({ challenge, origin: pageOrigin, rpId: pageRpId, ...more })
  return postJson(service, browser, `/approve/${code}/passkey`, { ...fields, assertion })
}
