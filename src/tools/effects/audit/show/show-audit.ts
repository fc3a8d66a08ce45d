import { closestMatch } from 'leven'
import { SettingsError } from '../../../../shared/errors.ts'
import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { textOrEmpty } from '../../../../shared/json.ts'
import { oneLine } from '../../../../shared/safe-text.ts'
import { emptyFileFinding, openAudit } from '../audit-file.ts'
import { type AuditedCall, AuditHistory } from './audit-history.ts'
import { callLines, word } from './call-lines.ts'

/** Most calls of a list. */
const maxListed = 200

/** What became of a call, by its last line. */
function outcomeOf({ steps }: AuditedCall): string {
  const last = steps.at(-1)
  switch (last?.event) {
    case 'answered':
      return word(last.facts['outcome'])
    case 'refused':
      return `refused (${word(last.facts['limit'] ?? last.facts['kind'])})`
    case 'sent':
      return 'sent, no answer logged'
    case 'approved':
      return 'approved, not sent'
    default:
      return 'asked, not decided'
  }
}

/** A call on one line. */
function listLine(call: AuditedCall): string {
  const { id, tool, steps } = call
  const [first] = steps
  const effect = textOrEmpty(first?.facts['effect'])
  const what = effect === '' ? word(tool) : `${word(tool)} (${word(effect)})`
  return [word(first?.time), word(id), what, outcomeOf(call)].join('  ')
}

function listLines({ calls, callCount }: AuditHistory): string[] {
  if (callCount === 0) return ['no call of a tool with an effect']
  const shown = calls.slice(-maxListed)
  const earlier = callCount - shown.length
  return [...(earlier > 0 ? [`(${counted(earlier, 'earlier call')})`] : []), ...shown.map(listLine)]
}

function wantedLines(history: AuditHistory, wanted: string): string[] {
  const { wantedCalls, wantedCount, calls } = history
  if (wantedCount === 0) {
    const near = closestMatch(
      wanted,
      calls.map(({ id }) => id),
    )
    throw new SettingsError(
      `No call of this log has the id ${oneLine(wanted, 40)}: ${near === undefined ? 'it holds no call' : `did you mean ${word(near)}?`}`,
    )
  }
  const earlier = wantedCount - wantedCalls.length
  return [
    ...(earlier > 0 ? [`(${counted(earlier, 'earlier call')} with the same arguments)`, ''] : []),
    ...wantedCalls.flatMap((call, index) => {
      const place = `${formatNumber(earlier + index + 1)} of ${formatNumber(wantedCount)}`
      return [...(index > 0 ? [''] : []), ...callLines(call, wantedCount > 1 ? place : undefined)]
    }),
  ]
}

/**
 * The calls of a log, or every call with one id, as a person reads them. Everything in the file may be hostile. Not ok if
 * lines are damaged, or if others may write the file.
 */
export async function showAudit(
  path: string,
  wanted: string | undefined,
): Promise<{ readonly lines: string[]; readonly ok: boolean }> {
  const { exposure, lines } = openAudit(path)
  const history = new AuditHistory(wanted)
  for await (const line of lines) history.addLine(line)
  const { faults, faultCount, hasLines } = history
  const shown = wanted === undefined ? listLines(history) : wantedLines(history, wanted)
  const more =
    faultCount > faults.length ? [`(${counted(faultCount - faults.length, 'more line')} left out)`] : []
  const findings = [
    ...texts(exposure !== undefined && `the file proves nothing: ${exposure}`, !hasLines && emptyFileFinding),
    ...faults,
    ...more,
  ]
  return {
    lines: [...shown, ...(findings.length > 0 ? ['', ...findings] : [])],
    ok: findings.length === 0,
  }
}
