import { nameInSentence } from '../../../operations/sentences.ts'
import { InputError } from '../../../shared/errors.ts'
import type { Redact } from '../../../shared/secrets.ts'
import type { ImportFormat } from './file-name.ts'

/** A file that was read. */
export interface ImportFile {
  readonly name: string
  readonly format: ImportFormat
  readonly text: string
  readonly sha256: string
}

/** A text, with the colon behind the name of a member, or the begin or end of an object. */
const memberToken = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g

/** The first name that an object has twice. Of two such members JSON.parse drops one without a word. */
function repeatedName(json: string): string | undefined {
  const open: Set<string>[] = []
  for (const [token, text, colon] of json.matchAll(memberToken)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (text !== undefined && colon !== undefined) {
      const name = String(JSON.parse(text))
      if (open.at(-1)?.has(name)) return name
      open.at(-1)?.add(name)
    }
  }
  return undefined
}

/**
 * The value in a JSON file. Whole numbers keep all their digits. Throws an InputError if it is no JSON, or if an object
 * has two members of one name.
 */
export async function jsonOf({ text }: ImportFile, redact: Redact): Promise<unknown> {
  // Loaded when it is needed: most calls read no file.
  const { readJson } = await import('../../../session/products/exact-json.ts')
  const value = readJson(text)
  if (value === undefined)
    throw new InputError(
      text.trim() === '' ? 'The file is empty.' : 'The file is no JSON.',
      'Write it as JSON without comments, and without a comma behind the last value.',
    )
  const repeated = repeatedName(text)
  if (repeated !== undefined)
    throw new InputError(
      `An object of the file has two members named ${nameInSentence(redact(repeated), 60)}.`,
      'Keep one of them.',
    )
  return value
}
