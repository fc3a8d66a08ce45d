import type { Input } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import { isObject } from '../../../shared/json.ts'
import { mask } from '../../../shared/secrets.ts'
import { withoutCredentials } from '../policy/credential-warnings.ts'
import type { SealedBlock, SealedFacts } from '../preview/sealed.ts'

/** A preview shows long values in pieces: so many characters of a credential in a row betray one of them. */
const pieceLength = 8

/** What the mask replaces in a text: the parts of the text between those that the masked text still holds. */
function maskedParts(text: string, masked: string): string[] {
  let at = 0
  const kept = masked.split(mask)
  return kept.flatMap((part, index) => {
    const next = index === kept.length - 1 ? text.length - part.length : text.indexOf(part, at)
    const found = index > 0 && next > at ? [text.slice(at, next)] : []
    at = next + part.length
    return found
  })
}

/** Everything that looks like a credential in arguments, from what masking takes out of them. */
function credentialsIn(value: unknown, masked: unknown): string[] {
  const text = value instanceof StoredText ? value.text : value
  if (typeof text === 'string') return typeof masked === 'string' ? maskedParts(text, masked) : []
  if (!isObject(value) && !Array.isArray(value)) return []
  const parts = new Map(Object.entries(isObject(masked) || Array.isArray(masked) ? masked : {}))
  return Object.entries(value).flatMap(([name, part]) => credentialsIn(part, parts.get(name)))
}

const piecesOf = (credential: string): string[] =>
  credential.length <= pieceLength
    ? [credential]
    : Array.from({ length: credential.length - pieceLength + 1 }, (_, at) =>
        credential.slice(at, at + pieceLength),
      )

/**
 * The preview for the audit log, which more people read than approve: a line that holds a part of what looks like a
 * credential in the arguments becomes a mask, and so does what looks like one in stored scripts.
 */
export function maskCredentials(facts: SealedFacts, args: Input): SealedFacts {
  const pieces = new Set(credentialsIn(args, withoutCredentials(args)).flatMap(piecesOf))
  const longest = [...pieces]
  const isTelling = (line: string): boolean => longest.some((piece) => line.includes(piece))
  const hide = (line: string): string => (isTelling(line) ? mask : line)
  const hideIn = (block: SealedBlock): SealedBlock => {
    if (typeof block === 'string') return block.split('\n').map(hide).join('\n')
    return 'rows' in block
      ? { ...block, rows: block.rows.map(hide) }
      : { ...block, excerpt: block.excerpt.map(hide) }
  }
  const blocks = facts.blocks.map(hideIn)
  return { ...facts, ...withoutCredentials({ warnings: facts.warnings.map(hide), blocks }) }
}
