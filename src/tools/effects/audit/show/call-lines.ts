import { counted, formatNumber, texts } from '../../../../shared/format.ts'
import { isId, isObject, jsonLine } from '../../../../shared/json.ts'
import { oneLine } from '../../../../shared/safe-text.ts'
import type { AuditedCall, AuditStep } from './audit-history.ts'
import { blockLines, rawLine, textOf } from './block-lines.ts'

type Facts = AuditStep['facts']

const maxWordLength = 80
const idsOnLine = 10

/** A short text of the file, on one line and safe. */
export const word = (value: unknown): string =>
  oneLine(typeof value === 'string' ? value : jsonLine(value ?? ''), maxWordLength)

const indent = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`)

/** A client as it names itself. */
const clientText = (client: unknown): string | undefined =>
  isObject(client) ? [client['name'], client['version']].map(word).join(' ').trim() : undefined

/** The time between two steps, such as `12.3 s`; undefined if a time cannot be read. */
function pauseBetween(before: AuditStep | undefined, step: AuditStep | undefined): string | undefined {
  const seconds = (Date.parse(step?.time ?? '') - Date.parse(before?.time ?? '')) / 1_000
  return Number.isFinite(seconds) ? `${formatNumber(Math.round(seconds * 10) / 10)} s` : undefined
}

const memberLines = (value: unknown): string[] =>
  isObject(value) ? Object.entries(value).map(([name, part]) => `${rawLine(name)}: ${textOf(part)}`) : []

/** The rollout that a line is about, and its wave. */
const planLine = ({ plan, wave }: Facts): string | false =>
  plan !== undefined && `rollout ${word(plan)}${wave === undefined ? '' : `, wave ${word(wave)}`}`

/** Who asked: from the line itself if it differs from the first line of the chain. */
function askedLines({ facts }: AuditStep, start: Facts | undefined): string[] {
  const { version, platform, mode, confirm, limits } = start ?? {}
  const account = facts['account'] ?? start?.['account']
  const client = clientText(facts['client'] ?? start?.['client'])
  const given = memberLines(facts['arguments'])
  return texts(
    account !== undefined && `account: ${textOf(account)}`,
    client !== undefined && `client: ${client}`,
    start &&
      `server: qualys-mcp ${word(version)}, platform ${word(platform)}, mode ${word(mode)}${Array.isArray(confirm) ? ` (asks for ${confirm.map(word).join(', ')})` : ''}`,
    Array.isArray(limits) && limits.length > 0 && `limits set: ${limits.map(word).join(', ')}`,
    planLine(facts),
    given.length > 0 && ['arguments:', ...indent(given)],
  )
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** What a person is asked: the record, and what counts as a yes. */
function recordLines({ facts }: AuditStep): string[] {
  const { record, digest, ways } = facts
  if (!isObject(record)) return []
  return texts(
    `record ${word(record['id'])}, good until ${word(record['until'])}`,
    Array.isArray(ways) && `a yes counts by: ${ways.map(word).join(', ')}`,
    `digest: ${word(digest)}`,
  )
}

/** Who signed with which passkey. */
function signatureLines({ approval }: Facts): string[] {
  const signed = isObject(approval) && isObject(approval['passkey']) ? approval['passkey'] : undefined
  if (!signed) return []
  const { person, credentialId, rpId, origin } = signed
  return [
    `signed by ${word(person)} with the passkey ${word(credentialId)} of ${word(rpId)}, on ${word(origin)}`,
  ]
}

/** A preview under a title. */
function previewLines(title: string, { shown, linesLeftOut, masked }: Facts): string[] {
  if (!isObject(shown)) return ['what was shown is not in the log: an earlier version wrote it']
  return [
    `${title}:`,
    ...indent([
      textOf(shown['headline']),
      ...listOf(shown['warnings']).map((sentence) => `! ${textOf(sentence)}`),
      ...listOf(shown['blocks']).flatMap(blockLines),
    ]),
    ...texts(
      typeof linesLeftOut === 'number' && `(${counted(linesLeftOut, 'more line')} had no room in the log)`,
      masked === true && '(what looks like a credential is masked in the log, and stood in the preview)',
    ),
  ]
}

function targetLines({ targets }: Facts): string[] {
  if (!isObject(targets)) return []
  return Object.entries(targets).flatMap(([kind, list]) => {
    const ids = listOf(list).filter(isId).map(word)
    const rows = Array.from({ length: Math.ceil(ids.length / idsOnLine) }, (_, at) =>
      ids.slice(at * idsOnLine, (at + 1) * idsOnLine).join(', '),
    )
    return [`ids of ${rawLine(kind)} (${formatNumber(ids.length)}):`, ...indent(rows)]
  })
}

function approvedLines({ facts }: AuditStep): string[] {
  const { by, digest, sends, approvals } = facts
  const isUnasked = by === 'settings'
  const who = `by: ${isUnasked ? 'nobody was asked, the settings allow it' : word(by)}`
  // A wave goes out by what was approved before.
  if (Array.isArray(approvals))
    return [who, ...approvals.map((one) => `shown with the digest ${word(one)}`), ...targetLines(facts)]
  return [
    who,
    ...texts(planLine(facts)),
    ...signatureLines(facts),
    ...previewLines(isUnasked ? 'preview, which nobody had to read' : 'shown', facts),
    ...targetLines(facts),
    ...(sends === undefined ? [] : ['sent instead of the arguments:', ...indent(memberLines(sends))]),
    `digest: ${word(digest)}`,
  ]
}

/** The facts of a line that no other line of the call has. */
function otherLines({ facts }: AuditStep): string[] {
  const { tool: _tool, call: _call, attempt: _attempt, account: _account, client: _client, ...own } = facts
  const { plan: _plan, wave: _wave, ...others } = own
  return memberLines(others)
}

function refusedLines(step: AuditStep): string[] {
  const { shown, linesLeftOut, masked, record: _record, ...others } = step.facts
  const lines = otherLines({ ...step, facts: others })
  return shown === undefined ? lines : [...lines, ...previewLines('preview', { shown, linesLeftOut, masked })]
}

function stepLines(step: AuditStep, start: Facts | undefined): string[] {
  switch (step.event) {
    case 'asked':
      return isObject(step.facts['record']) ? recordLines(step) : askedLines(step, start)
    case 'targets':
      return targetLines(step.facts)
    case 'approved':
      return approvedLines(step)
    case 'refused':
      return refusedLines(step)
    default:
      return otherLines(step)
  }
}

/** Such as `sent 2026-11-29T00:29:37.100Z, 12.3 s later (line 4)`. */
function stepHeading(step: AuditStep, before: AuditStep | undefined): string {
  const pause = pauseBetween(before, step)
  return `${word(step.event)} ${word(step.time)}${pause === undefined ? '' : `, ${pause} later`} (line ${step.line})`
}

/** One call as a person reads it: who asked, what was shown, who said yes, what was sent, what came back. */
export function callLines({ id, tool, start, steps }: AuditedCall, place: string | undefined): string[] {
  const inAll = steps.length > 1 ? pauseBetween(steps[0], steps.at(-1)) : undefined
  return [
    `call ${word(id)}${place === undefined ? '' : ` (${place})`}: ${word(tool)}`,
    ...steps.flatMap((step, index) => [
      stepHeading(step, steps[index - 1]),
      ...indent(stepLines(step, start)),
    ]),
    ...(inAll === undefined ? [] : [`in all ${inAll}`]),
  ]
}
