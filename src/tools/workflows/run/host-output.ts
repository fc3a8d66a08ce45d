import { outcomeOf } from '../../../operations/car/outcomes.ts'
import { mayHide } from '../../../operations/reads/moved-fields.ts'
import type { Row } from '../../../session/answer.ts'
import { isObject } from '../../../shared/json.ts'
import { oneLine, safeText } from '../../../shared/safe-text.ts'
import type { Redact } from '../../../shared/secrets.ts'
import type { HostResult } from '../../digest/host-result.ts'
import { plainText } from '../../replies/cells.ts'

/** Cleaned before redacting: a colour code may split a secret. */
const cleanText = (value: unknown, redact: Redact): string => redact(safeText(plainText(value)))

const isPresent = (value: unknown): boolean => value !== undefined && value !== null

/**
 * Parses an asset job that was read with its output. Redacted before anything is clipped: half a secret is still a
 * secret.
 */
export function hostResultOf(row: Row, redact: Redact): HostResult {
  const { id, asset, output, scriptResult, status } = row
  const hidesOutput = mayHide(row, 'scriptResult')
  // A text in place of code and text may be the output itself.
  const plainResult = hidesOutput ? undefined : output
  const { code, text = status } = isObject(output) ? output : { code: undefined, text: plainResult ?? status }
  const name = isObject(asset) ? asset['name'] : undefined
  const shortText = (value: unknown): string => oneLine(cleanText(value, redact), 255)
  return {
    assetJobId: shortText(id),
    outcome: outcomeOf(row),
    ...(isPresent(name) && { host: shortText(name) }),
    ...(isPresent(code) && { code: typeof code === 'number' ? code : shortText(code) }),
    ...(isPresent(text) && { text: shortText(text) }),
    ...(isPresent(scriptResult) && { output: cleanText(scriptResult, redact) }),
    ...(hidesOutput && { hidesOutput: true as const }),
  }
}
