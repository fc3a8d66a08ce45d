import { z } from 'zod'
import { parseJson } from '../../../../../shared/json.ts'
import { base64url } from './base64url.ts'
import { credentialIdSchema, transportsSchema } from './passkey-schema.ts'

// What a browser sends. Nothing of it is trusted: only what is needed is taken, and no more than that of any size.

const clientDataJSON = base64url(4_096, 'must be client data in base64url')

const idMembers = {
  id: credentialIdSchema,
  rawId: credentialIdSchema,
  type: z.literal('public-key'),
} as const

/** Members that are neither signed nor used are dropped. */
const noResults = z.unknown().transform(() => ({}))

const isOneId = ({ id, rawId }: { readonly id: string; readonly rawId: string }): boolean => id === rawId

/** What `navigator.credentials.get` gives, as far as it is used. */
export const assertionSchema = z
  .object({
    ...idMembers,
    response: z.object({
      clientDataJSON,
      authenticatorData: base64url(1_024, 'must be authenticator data in base64url'),
      signature: base64url(1_024, 'must be a signature in base64url'),
    }),
    clientExtensionResults: noResults,
  })
  .refine(isOneId)

/** The signature of a passkey, and what it signed. */
export type Assertion = Readonly<z.output<typeof assertionSchema>>

/** What `navigator.credentials.create` gives, as far as it is used. */
export const registrationSchema = z
  .object({
    ...idMembers,
    response: z.object({
      clientDataJSON,
      attestationObject: base64url(16_384, 'must be an attestation object in base64url'),
      transports: transportsSchema.max(8).optional().catch(undefined),
    }),
    clientExtensionResults: noResults,
  })
  .refine(isOneId)

const clientDataSchema = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
})

/** What the browser says about the page (WebAuthn, 5.8.1). */
export type ClientData = Readonly<z.output<typeof clientDataSchema>>

/** The client data in base64url; undefined if it is none. */
export function clientDataIn(text: string): ClientData | undefined {
  return clientDataSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8'))).data
}
