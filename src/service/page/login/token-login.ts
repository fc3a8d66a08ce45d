import { sha256, timingSafeEqual } from '../../../shared/crypto.ts'
import type { ServiceCaller } from '../../callers/caller.ts'
import type { CallersFile } from '../../callers/callers-file.ts'
import type { Standing } from '../session/sessions.ts'

// Login with a text that a person pastes into a form: the token of their caller or, in a sandbox without callers, the key
// of this start.

/** What a text opens. */
interface Opened {
  readonly caller: ServiceCaller
  /** Whether the login still holds; asked at each request. */
  readonly standing: () => Standing
}

/** Logs people in with a text. */
export interface TokenLogin {
  /** What the form calls the text, and where it is found. */
  readonly label: string
  readonly hint: string
  /** Who the text belongs to, or why to nobody: one sentence. */
  readonly open: (text: string) => Opened | { readonly refusal: string }
}

/** Longer texts are not hashed. */
const maxTextLength = 4 * 1024

/** Tells whether a caller is still as it was. */
const imageOf = ({ roles, ...rest }: ServiceCaller): string => JSON.stringify([[...roles].sort(), rest])

/** Login with the tokens of a callers file. A caller who is removed, changed or expired is logged out. */
export const callersFileLogin = (file: CallersFile): TokenLogin => ({
  label: 'Token',
  hint: 'The token with which your programs call this service. It is compared with the callers file, and not kept.',
  open: (text) => {
    const token = text.length > maxTextLength ? '' : text
    const caller = file.find(token)
    if (!caller)
      return {
        refusal: file.isExpired(token)
          ? 'The token has ended: ask the operator for a new one.'
          : 'The token belongs to no caller: check it, or ask the operator for one.',
      }
    const [hash, image] = [sha256(token), imageOf(caller)]
    return {
      caller,
      standing: () => {
        const current = file.findByHash(hash)
        if (current) return imageOf(current) === image ? 'good' : 'ended'
        return file.fault() === undefined ? 'ended' : 'suspended'
      },
    }
  },
})

/** Login with one key, for the one caller there is. */
export const keyLogin = (key: string, caller: ServiceCaller): TokenLogin => ({
  label: 'Key',
  hint: 'The key of this start. It stands in a file that only the user of the service can read; the log names the file.',
  open: (text) =>
    timingSafeEqual(Buffer.from(sha256(text)), Buffer.from(sha256(key)))
      ? { caller, standing: () => 'good' }
      : { refusal: 'This is not the key of this start: read it from the file that the log names.' },
})
