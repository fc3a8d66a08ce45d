import { InputError } from '../../../../../shared/errors.ts'
import { oneLine, quotation } from '../../../../../shared/safe-text.ts'

/** Why the answer of a browser does not count: a sentence that says what to do next. */
export class PasskeyRefusal extends InputError {
  /** What is wrong, as a clause. */
  readonly fault: string

  constructor(fault: string, advice: string, next: string) {
    super(`${fault.charAt(0).toUpperCase()}${fault.slice(1)}: ${advice}.`, next)
    this.fault = fault
  }
}

const notSigned = (fault: string, advice: string): PasskeyRefusal =>
  new PasskeyRefusal(fault, advice, 'Nothing was approved: ask the person to open the link again.')

const notAdded = (fault: string, advice: string): PasskeyRefusal =>
  new PasskeyRefusal(fault, advice, 'No passkey was added.')

/** Refusals that a registration and a signature share; `make` says which of the two it is. */
const both = (make: typeof notSigned) => ({
  otherOrigin: (given: string, right: readonly string[]) =>
    make(
      `the passkey was used on the page at ${quotation(oneLine(given, 100))}, which is not the page of this server`,
      right.length === 0
        ? 'open the link that the assistant gave'
        : `open ${right.join(' or ')}, with exactly this name and port`,
    ),
  embedded: () =>
    make('the passkey was used on a page within another page', 'open the link in a tab of its own'),
  otherRpId: (rpId: string) =>
    make(
      `the passkey answered for another name than ${rpId}`,
      `use a passkey that was made for ${rpId}, on a page of that name`,
    ),
  notTouched: () => make('the passkey answered without anybody there', 'touch the key when it asks'),
  notVerified: () =>
    make(
      'the passkey did not check who uses it, by PIN, fingerprint or face',
      'set a PIN or a screen lock for it, and try again',
    ),
})

/** Why a signature does not count. */
export const signatureRefusals = {
  ...both(notSigned),
  noSignature: () =>
    notSigned(
      'what came is no signature of a passkey',
      'press the button on the page again, in a current browser',
    ),
  otherDigest: () =>
    notSigned(
      'the passkey signed another request than this one',
      'open the link again, and sign the request that it shows now',
    ),
  notPinned: () =>
    notSigned(
      'this passkey is not in the file of passkeys, or was removed from it',
      'use one that counts, or have the operator add this one',
    ),
  otherPerson: (person: string) =>
    notSigned(`this passkey is not one of ${quotation(person)}`, 'use a passkey of your own'),
  counterBack: (counter: number, stored: number) =>
    notSigned(
      `the counter of the passkey stands at ${counter}, but ${stored} was seen before, so that its signature is an old one or the key was copied`,
      'sign again, and if this comes again, remove the passkey and add another one',
    ),
  badSignature: () =>
    notSigned(
      'the signature does not fit the public key of this passkey',
      'sign again, and if this comes again, remove the passkey and add it anew',
    ),
  noneFor: (rpId: string, person: string | undefined) =>
    notSigned(
      `no passkey${person === undefined ? '' : ` of ${quotation(person)}`} counts on pages of ${rpId}`,
      'add one first, or have the operator add one',
    ),
} as const

/** Why a new passkey is not taken. */
export const registrationRefusals = {
  ...both(notAdded),
  noRegistration: () =>
    notAdded('what came is no new passkey', 'press the button on the page again, in a current browser'),
  otherChallenge: () =>
    notAdded('the passkey was made for another attempt than this one', 'press the button on the page again'),
  badKey: () =>
    notAdded(
      'the new passkey cannot be read, or uses another algorithm than ES256, EdDSA or RS256',
      'use another key or another browser',
    ),
  badPerson: () =>
    notAdded(
      'the name of a person has 1 to 200 characters on one line, without blanks around them',
      'give another name',
    ),
  badLabel: (most: number) =>
    notAdded(
      `the name of a passkey has at most ${most} characters on one line, without blanks around them`,
      'give another name',
    ),
  alreadyAdded: () =>
    notAdded('this passkey is in the file of passkeys already', 'use another key, or remove that one first'),
  needsOld: (person: string) =>
    notAdded(
      `${quotation(person)} has a passkey already, which has to sign that another one is added`,
      'sign with the old passkey, or have the operator add the line of the new one to the file',
    ),
  noOldOnPage: (person: string, rpId: string) =>
    notAdded(
      `${quotation(person)} has passkeys, but none that works on pages of ${rpId} and could sign that another one is added`,
      'have the operator add the line of the new one to the file',
    ),
  tooOld: () =>
    notAdded('the new passkey was made more than ten minutes ago', 'press the button on the page again'),
} as const
