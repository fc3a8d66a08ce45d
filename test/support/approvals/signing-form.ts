import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'

/** What the script of the page is given: what the passkey is asked for, and what is sent with its answer. */
export interface SigningForm {
  readonly options: PublicKeyCredentialRequestOptionsJSON
  readonly fields: Readonly<Record<string, string>>
}

const jsonIn = (body: string, name: string): unknown => {
  const text = new RegExp(`${name}="([^"]*)"`).exec(body)?.[1]
  if (text === undefined) throw new Error(`The page has no ${name}.`)
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'))
}

/** The signing form of a page. */
export const signingForm = ({ body }: { readonly body: string }): SigningForm => ({
  options: jsonIn(body, 'data-options') as SigningForm['options'],
  fields: jsonIn(body, 'data-send') as SigningForm['fields'],
})
