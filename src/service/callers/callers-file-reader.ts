import { closestMatch } from 'leven'
import type { z } from 'zod'
import { UnusableFileError } from '../../config/secret-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { isObject, parseJson } from '../../shared/json.ts'
import { quotation } from '../../shared/safe-text.ts'
import { type CallersFileContent, callerSchema, callersFileSchema } from './callers-file-schema.ts'
import { readPrivateFile } from './private-file.ts'

/** Twenty thousand callers and more. */
const maxBytes = 4 * 1024 * 1024

/** What an unusable callers file is called in a sentence, and what to do about it. */
export const callersFileSentence = ({ message, next }: UnusableFileError): string =>
  `The file that QUALYS_CALLERS_FILE names ${message}: ${next}.`

/** A place in the file, such as `callers[2].role`. */
const placeOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at > 0 ? '.' : ''}${String(part)}`))
    .join('')

const memberOf = (value: unknown, part: PropertyKey): unknown =>
  isObject(value) || Array.isArray(value) ? Reflect.get(value, part) : undefined

/** The name of the caller at a place, if it has a good one: a number alone is hard to find in a long file. */
function callerAt(value: unknown, [member, index]: readonly PropertyKey[]): string {
  if (member !== 'callers' || typeof index !== 'number') return ''
  const name = memberOf(memberOf(memberOf(value, member), index), 'name')
  const { success, data } = callerSchema.shape.name.safeParse(name)
  return success ? ` (of ${data})` : ''
}

function unknownMember(names: readonly string[], known: readonly string[]): string {
  const [name = ''] = names
  const near = closestMatch(name, known, { maxDistance: 3 })
  return `has the unknown member ${quotation(name.slice(0, 40))}, but may have ${near ?? known.join(', ')}`
}

/** What is wrong at a place, as a clause. */
function complaintOf(value: unknown, issue: z.core.$ZodIssue): string {
  const { path, code, message } = issue
  const where = path.length > 0 ? `${placeOf(path)}${callerAt(value, path)}` : 'it'
  if (code === 'unrecognized_keys') {
    const { shape } = path.length > 0 ? callerSchema : callersFileSchema
    return `${where} ${unknownMember(issue.keys, Object.keys(shape))}`
  }
  const given = path.reduce(memberOf, value)
  if (given === undefined) return `${where} is missing, and ${message}`
  return `${where} ${code === 'invalid_type' && !message.startsWith('must') ? 'must be an object' : message}`
}

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
  throw new UnusableFileError('cannot be used', issue ? complaintOf(value, issue) : 'check its form')
}

/** The callers of a file, its stamp and its owner. Throws an UnusableFileError. */
export function readCallers(path: string) {
  const { text, ...file } = readPrivateFile(path, maxBytes)
  return { ...file, content: parseCallers(text) }
}
