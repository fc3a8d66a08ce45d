import { jsonFault } from '../../config/files/json-fault.ts'
import { UnusableFileError } from '../../config/secret-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { parseJson } from '../../shared/json.ts'
import { type CallersFileContent, callerSchema, callersFileSchema } from './callers-file-schema.ts'
import { readPrivateFile } from './private-file.ts'

/** Twenty thousand callers and more. */
const maxBytes = 4 * 1024 * 1024

/** What an unusable callers file is called in a sentence, and what to do about it. */
export const callersFileSentence = ({ message, next }: UnusableFileError): string =>
  `The file that QUALYS_CALLERS_FILE names ${message}: ${next}.`

const form = { file: callersFileSchema, entry: callerSchema, list: 'callers', name: 'name' }

/** The callers in a text of JSON. Throws an UnusableFileError, which names the first fault and no value. */
export function parseCallers(text: string): CallersFileContent {
  const value = parseJson(text)
  if (value === undefined)
    throw new UnusableFileError(
      'is no JSON',
      `correct it, or remove it and make a new one with ${ownCommand('callers add NAME')}`,
    )
  const { error } = callersFileSchema.safeParse(value)
  // As it was written, since zod gives members in the order of its own.
  if (!error) return value as CallersFileContent
  const [issue] = error.issues
  throw new UnusableFileError('cannot be used', issue ? jsonFault(value, issue, form) : 'check its form')
}

/** The callers of a file, and the file as it was read. Throws an UnusableFileError. */
export function readCallers(path: string) {
  const file = readPrivateFile(path, maxBytes)
  return { ...file, content: parseCallers(file.text) }
}
