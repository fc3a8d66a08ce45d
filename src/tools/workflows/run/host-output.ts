import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { cell, plain, quoted } from '../../replies/cells.ts'
import { outcomeOf } from './outcomes.ts'

/** The result of one host of a run, without secrets and invisible characters. */
export interface Result {
  readonly assetJobId: string
  /** The name of the host, if Qualys sends one: list_asset_jobs.htm is cut off before it. */
  readonly host?: string
  readonly outcome: string
  readonly code?: string | number
  readonly text?: string
  /** The output of the script; absent if Qualys holds none, empty if the script printed nothing. */
  readonly printed?: string
}

/** Cleaned before redacting: a colour code may split a secret. */
const cleaned = (value: unknown, redact: Redact): string => redact(safeText(plain(value)))

const known = (value: unknown): boolean => value !== undefined && value !== null

/** Parses an asset job. Redacted before anything is clipped: half a secret is still a secret. */
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

/** The name of a host, or the id of its asset job. */
export function nameOf({ host, assetJobId }: Result): string {
  return host ?? `asset job ${assetJobId}`
}

/** A value inside a sentence of the server, without anything that looks like a fence. */
export const inline = (value: unknown): string => quoted(cell(value))

/** `code 2 "File not found"`, as far as Qualys reports it. */
export function endingOf({ code, text }: Result): string {
  const parts = [code === undefined ? '' : `code ${inline(code)}`, text ? inline(text) : '']
  return parts.filter((part) => part !== '').join(' ')
}

/** The nearest position that does not split a surrogate pair. */
export function border(text: string, at: number): number {
  return /[\uDC00-\uDFFF]/.test(text[at] ?? '') && /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') ? at - 1 : at
}
