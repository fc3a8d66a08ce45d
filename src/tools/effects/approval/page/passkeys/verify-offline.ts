import { isDigest } from './challenge.ts'
import { checkAssertion, parseAssertion } from './check-assertion.ts'
import { PasskeyRefusal } from './refusals.ts'

/** A logged signature, and the key that was logged with it. */
interface LoggedSignature {
  readonly assertion: unknown
  /** Of the record, in hexadecimal. */
  readonly digest: string
  /** As COSE, in base64url. */
  readonly publicKey: string
  readonly rpId: string
  /** The page on which it was signed. */
  readonly origin: string
}

/** What is wrong with a logged signature, as a clause; undefined if it is good. No file and no counter is looked at. */
export async function verifyOffline({
  assertion,
  origin,
  ...expected
}: LoggedSignature): Promise<string | undefined> {
  if (!isDigest(expected.digest)) return 'the digest that the passkey signed is no SHA-256'
  try {
    await checkAssertion(parseAssertion(assertion), { ...expected, origins: [origin] })
    return undefined
  } catch (error) {
    if (error instanceof PasskeyRefusal) return error.fault
    throw error
  }
}
