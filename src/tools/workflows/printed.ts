import type { Redact } from '../../secrets.ts'
import { isObject } from '../../session/json.ts'
import type { Row } from '../../session/record.ts'
import { oneLine, safeText } from '../../session/untrusted.ts'
import { cell, plain, quoted } from '../cells.ts'
import { outcomeOf } from './outcomes.ts'

/** What one host of a run came to, without secrets and without what hides in a text. */
export interface Result {
  readonly assetJobId: string
  /** The name of the host, where Qualys gives one: list_asset_jobs.htm is cut off before it. */
  readonly host?: string
  readonly outcome: string
  readonly code?: string | number
  readonly text?: string
  /** What the script printed; absent where Qualys holds nothing, empty where it printed nothing. */
  readonly printed?: string
}

/** A colour may stand in the middle of a secret: what hides goes first. */
const cleaned = (value: unknown, redact: Redact): string => redact(safeText(plain(value)))

const known = (value: unknown): boolean => value !== undefined && value !== null

/** Reads an asset job. Redacted whole, before anything is cut: half a secret is still one. */
export function resultOf(row: Row, redact: Redact): Result {
  const { id, asset, output, scriptResult } = row
  const { code, text } = isObject(output) ? output : { code: undefined, text: output }
  const name = isObject(asset) ? asset['name'] : undefined
  const short = (value: unknown): string => oneLine(cleaned(value, redact), 255)
  return {
    assetJobId: short(id),
    outcome: outcomeOf(row),
    ...(known(name) && { host: short(name) }),
    ...(known(code) && { code: typeof code === 'number' ? code : short(code) }),
    ...(known(text) && { text: short(text) }),
    ...(known(scriptResult) && { printed: cleaned(scriptResult, redact) }),
  }
}

/** A host by its name, or by the id of its asset job. */
export function nameOf({ host, assetJobId }: Result): string {
  return host ?? `asset job ${assetJobId}`
}

/** A value inside our own words, with nothing in it that looks like a fence. */
export const inline = (value: unknown): string => quoted(cell(value))

/** `code 2 "File not found"`, as far as Qualys says so. */
export function endingOf({ code, text }: Result): string {
  const parts = [code === undefined ? '' : `code ${inline(code)}`, text ? inline(text) : '']
  return parts.filter((part) => part !== '').join(' ')
}

/** Never between the halves of a character. */
export function border(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? '') && /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') ? at - 1 : at
}
