import { z } from 'zod'
import type { EffectOperation, Input } from '../../../operations/operation.ts'
import { InputError } from '../../../shared/errors.ts'
import { mask } from '../../../shared/secrets.ts'
import { type ArgumentText, lineFinder, textsIn } from './argument-texts.ts'
import { findMasks } from './mask-search.ts'

const maxLinesNamed = 5

/** `content (lines 3, 8)`, `params.0.value`. */
function placeOf({ path, text }: ArgumentText, indexes: readonly number[]): string {
  const name = path.join('.')
  const lines = [...new Set(indexes.map(lineFinder(text)))].filter((line) => line !== undefined)
  if (lines.length === 0) return name
  const more = lines.length > maxLinesNamed ? ` and ${lines.length - maxLinesNamed} more` : ''
  return `${name} (${lines.length === 1 ? 'line' : 'lines'} ${lines.slice(0, maxLinesNamed).join(', ')}${more})`
}

const secretParameter = '{key, secret: "<name>"}'

/** What to do instead, in words that fit the tool and the argument. */
function wayOut({ input, effect }: EffectOperation, path: readonly string[]): string {
  const [name = ''] = path
  const schema = input[name]
  if (name === 'edits')
    return path.at(-1) === 'find'
      ? 'Choose other text for find, without a masked part, and leave the masked parts as they are.'
      : 'Leave the masked parts out of find and replace, so that they stay as they are.'
  if (name === 'content')
    return 'edits' in input
      ? `Change other lines with edits and leave these as they are, or let the script take the value as a parameter, which can be a secret: ${secretParameter} in params.`
      : `Write the script without these values: it can take one as a parameter, which can be a secret: ${secretParameter} in params.`
  if (path.includes('params'))
    return `Pass the real value, or name a secret that the operator keeps: ${secretParameter}.`
  if (name === 'sourceUrl')
    return 'Pass the address without a login, and name the token of a private repository: repositoryToken: "<name>".'
  const isOptional = schema instanceof z.ZodType && schema.safeParse(undefined).success
  if (!isOptional || path.length > 1) return 'Pass the real text.'
  return effect === 'update'
    ? `Leave ${name} out, which keeps what is stored, or pass the real text.`
    : `Leave ${name} out, or pass the real text.`
}

/** Throws an InputError for arguments that hold our mask: it would replace what it stands for. */
export function refuseMasks(operation: EffectOperation, args: Input): void {
  for (const found of textsIn(args)) {
    const indexes = findMasks(found.text)
    if (indexes.length === 0) continue
    throw new InputError(
      `${placeOf(found, indexes)} holds ${mask}, which stands for a secret that was not shown and would replace it.`,
      wayOut(operation, found.path),
    )
  }
}
