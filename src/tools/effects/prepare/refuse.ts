import { InputError } from '../../../shared/errors.ts'
import { oneLine } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'

/** Throws an InputError for a problem of the form `what is wrong: what to do`, which may quote Qualys. */
export function refuse(problem: string | undefined, redact: Redact): void {
  if (problem === undefined) return
  const sentence = oneLine(redact(problem), 600)
  // Splits at the first colon outside quotes: quoted words come from the caller or from Qualys.
  const [, what = sentence, next = 'Pass other arguments.'] =
    /^((?:[^":]|"[^"]*"|:(?! ))*): (.*)$/.exec(sentence) ?? []
  const ended = (clause: string): string => `${clause}.`.replace(/\.\.$/, '.')
  throw new InputError(ended(what), ended(next.charAt(0).toUpperCase() + next.slice(1)))
}
