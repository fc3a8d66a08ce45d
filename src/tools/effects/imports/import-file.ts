import { InputError } from '../../../shared/errors.ts'
import type { ImportFormat } from './file-name.ts'

/** A file that was read. */
export interface ImportFile {
  readonly name: string
  readonly format: ImportFormat
  readonly text: string
  readonly sha256: string
}

/** The value in a JSON file. Whole numbers keep all their digits. Throws an InputError if it is no JSON. */
export async function jsonOf({ text }: ImportFile): Promise<unknown> {
  // Loaded when it is needed: most calls read no file.
  const { readJson } = await import('../../../session/products/exact-json.ts')
  const value = readJson(text)
  if (value === undefined)
    throw new InputError(
      text.trim() === '' ? 'The file is empty.' : 'The file is no JSON.',
      'Write it as JSON without comments, and without a comma behind the last value.',
    )
  return value
}
