import { z } from 'zod'
import { oneLine } from '../../../../../shared/safe-text.ts'
import { base64url } from './base64url.ts'

// The form of the file of passkeys. Messages continue the place of a value.

/** Longest credential id (WebAuthn, 5.8.3). */
const maxCredentialIdBytes = 1_023
/** An RSA key of 8,192 bits takes less. */
const maxPublicKeyBytes = 2_048
export const maxLabelLength = 60

const personError = 'must be 1 to 200 characters on one line, without blanks around them'
const labelError = `must be 1 to ${maxLabelLength} characters on one line, without blanks around them`
const idError = 'must be the id of a credential in base64url'
const keyError = 'must be a public key as COSE in base64url'
const rpIdError = 'must be a host name in small letters, such as localhost or qualys.example.com'
const originError =
  'must be the address of the page that made the key, such as https://qualys.example.com, on the host of rpId'
const counterError = 'must be a whole number from 0 to 4294967295'
const timeError = 'must be a time with its zone, such as 2026-11-28T12:00:00.000Z'
const transportsError = 'must be a list of at most 8 words, such as usb, nfc, ble, internal, hybrid'

const isOneLine = (text: string): boolean => text === oneLine(text)

const line = (max: number, error: string) =>
  z.string({ error }).min(1, { error }).max(max, { error }).refine(isOneLine, { error })

/** A person, as approvals and the file name them. */
export const personSchema = line(200, personError)

/** What a person calls a key. */
export const labelSchema = line(maxLabelLength, labelError)

/** How a browser reaches a key again; words that are unknown today may come. */
export const transportsSchema = z.array(
  z.string({ error: transportsError }).regex(/^[a-z-]{1,20}$/, { error: transportsError }),
  { error: transportsError },
)

export const credentialIdSchema = base64url(maxCredentialIdBytes, idError)

/** True for the address of a page, and nothing after it, on exactly this host. */
export function belongsTo(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  return url.origin === origin && ['https:', 'http:'].includes(url.protocol) && url.hostname === host
}

/** One passkey in the file. */
export const passkeySchema = z
  .strictObject({
    person: personSchema.describe('Whose key it is.'),
    label: labelSchema.describe('What its owner calls it.'),
    credentialId: credentialIdSchema.describe('Unique in the file.'),
    publicKey: base64url(maxPublicKeyBytes, keyError),
    rpId: z
      .string({ error: rpIdError })
      .max(253, { error: rpIdError })
      .regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/, { error: rpIdError })
      .refine((name) => !/^[\d.]+$/.test(name), { error: rpIdError })
      .describe('The host name of the pages on which it counts.'),
    origin: z.string({ error: originError }).describe('The page that made it.'),
    counter: z
      .int({ error: counterError })
      .min(0, { error: counterError })
      .max(0xffffffff, { error: counterError })
      .describe('Its counter when it was made; 0 for keys that do not count.'),
    addedAt: z.iso.datetime({ offset: true, error: timeError }),
    addedBy: personSchema.describe('Who added it.'),
    transports: transportsSchema.max(8, { error: transportsError }).optional(),
  })
  .refine(({ rpId, origin }) => belongsTo(origin, rpId), { path: ['origin'], error: originError })

/** A passkey that counts. All of it is text but the counter. */
export type Passkey = Readonly<z.output<typeof passkeySchema>>

/** Refuses two keys under one id: one of them would never be found. */
function refuseDoubles(passkeys: readonly Passkey[], context: z.RefinementCtx): void {
  const ids = new Set<string>()
  for (const [at, { credentialId }] of passkeys.entries()) {
    if (ids.has(credentialId))
      context.addIssue({
        code: 'custom',
        path: [at, 'credentialId'],
        message: 'is the id of an earlier passkey too',
      })
    ids.add(credentialId)
  }
}

/** The whole file of passkeys. */
export const passkeysFileSchema = z.strictObject({
  $schema: z.string({ error: 'must be a text' }).optional().describe('The address of this schema.'),
  passkeys: z.array(passkeySchema, { error: 'must be a list of passkeys' }).superRefine(refuseDoubles),
})

/** The file of passkeys as it was parsed. */
export type PasskeysFileContent = z.output<typeof passkeysFileSchema>

/** The JSON Schema of the file of passkeys, for editors. */
export const passkeysFileSchemaJson = (): object => ({
  ...z.toJSONSchema(passkeysFileSchema, { io: 'input' }),
  title: 'Passkeys of qualys-mcp (QUALYS_PASSKEYS_FILE)',
})
