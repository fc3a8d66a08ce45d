import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import { cell, plainText, quoteIfNeeded } from '../../replies/cells.ts'
import { outcomeOf } from './outcomes.ts'

/** The result of one host of a run, without secrets and invisible characters. */
export interface HostResult {
  readonly assetJobId: string
  /** The name of the host, if Qualys sends one. The sample in list_asset_jobs.htm is cut off before it. */
  readonly host?: string
  readonly outcome: string
  readonly code?: string | number
  readonly text?: string
  /** The output of the script; absent if Qualys holds none, empty if the script printed nothing. */
  readonly output?: string
}

/** Cleaned before redacting: a colour code may split a secret. */
const cleanText = (value: unknown, redact: Redact): string => redact(safeText(plainText(value)))

const isPresent = (value: unknown): boolean => value !== undefined && value !== null

/** Parses an asset job. Redacted before anything is clipped: half a secret is still a secret. */
export function hostResultOf(row: Row, redact: Redact): HostResult {
  const { id, asset, output, scriptResult, status } = row
  const { code, text = status } = isObject(output) ? output : { code: undefined, text: output ?? status }
  const name = isObject(asset) ? asset['name'] : undefined
  const shortText = (value: unknown): string => oneLine(cleanText(value, redact), 255)
  return {
    assetJobId: shortText(id),
    outcome: outcomeOf(row),
    ...(isPresent(name) && { host: shortText(name) }),
    ...(isPresent(code) && { code: typeof code === 'number' ? code : shortText(code) }),
    ...(isPresent(text) && { text: shortText(text) }),
    ...(isPresent(scriptResult) && { output: cleanText(scriptResult, redact) }),
  }
}

/** The name of a host, or the id of its asset job. */
export function hostNameOf({ host, assetJobId }: HostResult): string {
  return host ?? `asset job ${assetJobId}`
}

/** A value inside a sentence of the server, without anything that looks like a fence. */
export const inline = (value: unknown): string => quoteIfNeeded(cell(value))

/** `code 2 "File not found"`, as far as Qualys reports it. */
export function exitStatusOf({ code, text }: HostResult): string {
  const parts = [code === undefined ? '' : `code ${inline(code)}`, text ? inline(text) : '']
  return parts.filter((part) => part !== '').join(' ')
}
