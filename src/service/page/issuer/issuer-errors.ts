import { WebError } from '../../outbound/web.ts'
import { LoginFault } from './login-fault.ts'

/** An error and what caused it, in turn. */
const causesOf = (error: unknown): readonly unknown[] =>
  error instanceof Error && error.cause !== undefined ? [error, ...causesOf(error.cause)] : [error]

/** The word for an error that an issuer sends (RFC 6749, 4.1.2.1 and 5.2); undefined for anything else. */
function errorWordIn(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('error' in error)) return undefined
  const { error: word } = error
  return typeof word === 'string' && /^[a-z_]{1,40}$/.test(word) ? word : undefined
}

const isAway = (error: unknown): boolean =>
  error instanceof WebError || (error instanceof Error && /^(?:Timeout|Abort)Error$/.test(error.name))

/** What an error of the login library means for the person who logs in. */
export function loginFaultOf(error: unknown): LoginFault {
  if (error instanceof LoginFault) return error
  const causes = causesOf(error)
  const words = causes.map(errorWordIn)
  if (causes.some(isAway)) return new LoginFault('away', error)
  if (words.includes('access_denied')) return new LoginFault('refused', error)
  const isBusy = words.some((word) => word === 'temporarily_unavailable' || word === 'server_error')
  return new LoginFault(isBusy ? 'away' : 'failed', error)
}

/** Errors whose messages are fixed texts. Others, such as those of a JSON parser, may quote a token. */
const plainErrors: ReadonlySet<string> = new Set([
  'ClientError',
  'OperationProcessingError',
  'UnsupportedOperationError',
  'ResponseBodyError',
  'AuthorizationResponseError',
])

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { name, message } = error
  const text = error instanceof WebError || plainErrors.has(name) ? message : name
  return [text, errorWordIn(error)].filter((part) => part !== undefined).join(' ')
}

/** What the log says of it: no token, no code, and nothing else that an answer holds but the word for its error. */
export function factsOfFault({ reason, cause }: LoginFault): {
  readonly reason: string
  readonly error?: string
} {
  const texts = causesOf(cause)
    .map(textOf)
    .filter((text) => text !== '')
  return { reason, ...(texts.length > 0 && { error: texts.join(': ') }) }
}
