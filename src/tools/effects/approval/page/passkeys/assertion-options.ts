import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server'
import { challengeOf } from './challenge.ts'
import type { Passkey } from './passkey-schema.ts'
import { ceremonyMs } from './registration.ts'

/** Words that the library and the browsers of today know. */
const knownTransports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const
type Transport = (typeof knownTransports)[number]

const transportsOf = ({ transports = [] }: Passkey): Transport[] =>
  knownTransports.filter((known) => transports.includes(known))

/** Options with which a browser asks one of these keys for the signature of a digest. */
export async function assertionOptionsFor(
  digest: string,
  rpId: string,
  passkeys: readonly Passkey[],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server')
  return generateAuthenticationOptions({
    rpID: rpId,
    challenge: Uint8Array.from(Buffer.from(challengeOf(digest), 'base64url')),
    timeout: ceremonyMs,
    userVerification: 'required',
    allowCredentials: passkeys.map((passkey) => {
      const transports = transportsOf(passkey)
      return { id: passkey.credentialId, ...(transports.length > 0 && { transports }) }
    }),
  })
}
