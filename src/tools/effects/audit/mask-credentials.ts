import type { Input } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import { isObject } from '../../../shared/json.ts'
import { mask } from '../../../shared/secrets.ts'
import { withoutCredentials } from '../policy/credential-warnings.ts'
import type { SealedBlock, SealedFacts } from '../preview/sealed.ts'

/** A preview shows lines of a script in pieces: so many characters of a credential in a row betray one of them. */
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

/** True for a value that looks like a credential behind its label, such as `password`, and not without it. */
function isAssigned(label: string, value: string): boolean {
  const texts = { alone: value, behindLabel: `${label}: ${JSON.stringify(value)}` }
  const { alone, behindLabel } = withoutCredentials(texts)
  return alone === texts.alone && behindLabel !== texts.behindLabel
}

/**
 * The preview for the audit log, which more people read than approve: a value, or a line of a script, that holds a part
 * of what looks like a credential in the arguments becomes a mask, and so does what looks like one in stored scripts.
 */
export function maskCredentials(facts: SealedFacts, args: Input): SealedFacts {
  const pieces = new Set(credentialsIn(args, withoutCredentials(args)).flatMap(piecesOf))
  const longest = [...pieces]
  const isTelling = (text: string): boolean => longest.some((piece) => text.includes(piece))
  const hide = (text: string): string => (isTelling(text) ? mask : text)
  const hideIn = (block: SealedBlock): SealedBlock => {
    if (typeof block === 'string') return hide(block)
    if ('text' in block) return { ...block, text: hide(block.text) }
    if ('rows' in block) return { ...block, rows: block.rows.map((cells) => cells.map(hide)) }
    if ('excerpt' in block) return { ...block, excerpt: block.excerpt.map(hide) }
    const { label, values } = block
    return { ...block, values: values.map((value) => (isAssigned(label, value) ? mask : hide(value))) }
  }
  const blocks = facts.blocks.map(hideIn)
  return { ...facts, ...withoutCredentials({ warnings: facts.warnings.map(hide), blocks }) }
}
