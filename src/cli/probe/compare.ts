import { readFileSync, statSync } from 'node:fs'
import { operations } from '../../operations/index.ts'
import { SettingsError } from '../../shared/errors.ts'
import { counted } from '../../shared/format.ts'
import { isObject, parseJson } from '../../shared/json.ts'
import { systemErrorCode } from '../../shared/own-folder.ts'
import { decodeText } from '../../shared/text-decoding.ts'
import { assessRequests, limitLines, type RequestFinding } from './comparison/request-assessment.ts'
import { assessRecording, type Finding } from './comparison/route-assessment.ts'
import { endReasons, type RecordingFile, recordingFormat, recordingSchema } from './recording/schema.ts'

/** A hundred times the usual size of a recording. */
const maxFileBytes = 16 * 1024 * 1024

/** The text of a file; undefined for a pipe, which opening would wait for, and for a file that is too large. */
function readText(path: string): string | undefined {
  const stats = statSync(path)
  return stats.isFile() && stats.size <= maxFileBytes ? decodeText(readFileSync(path)) : undefined
}

/** Parses a recording and validates every field, since the file may come from anybody. */
function readRecording(path: string): RecordingFile {
  const unusable = (what: string): SettingsError =>
    new SettingsError(`${path} ${what}: name a file that doctor --record wrote.`)
  let text: string | undefined
  try {
    text = readText(path)
  } catch (error) {
    throw unusable(`cannot be read (${systemErrorCode(error) ?? 'unknown'})`)
  }
  if (text === undefined) throw unusable('is no file, or larger than any recording')
  const value = parseJson(text)
  if (value === undefined) throw unusable('is no JSON')
  if (!isObject(value) || value['format'] !== recordingFormat) throw unusable('is no recording')
  const parsed = recordingSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new SettingsError(
    `${path} was changed, or written by another version of qualys-mcp: record again with this one.`,
  )
}

const maxListed = 12

function joinNames(names: readonly string[]): string {
  const omitted = names.length - maxListed
  return `${names.slice(0, maxListed).join(', ')}${omitted > 0 ? ` and ${omitted} more` : ''}`
}

/** The line of a verdict, and the indented lines below it. */
function findingLines({ operation, verdict, reason, answer, otherRoutes, drift }: Finding): string[] {
  const { name, evidence } = operation
  const { rows, record } = answer ?? {}
  const { problems = [], unseen = [] } = drift ?? {}
  const details = [
    ...problems.map((sentence) => `DRIFT: ${sentence}`),
    // The form of rows decides how a list can be paged.
    rows?.sortValues &&
      `rows: ${rows.wrapped ? 'wrapped' : 'flat'}, sortValues ${rows.sortValues.join(', ')}`,
    otherRoutes.length > 0 && `answers as well: ${joinNames(otherRoutes)}`,
    unseen.length > 0 && `declared, and not seen: ${joinNames(unseen)}`,
    record && record.unknown > 0 && `fields beyond those declared: ${record.unknown}`,
  ]
  return [
    `${verdict.padEnd(11)} ${name} (${evidence}): ${reason}`,
    ...details.filter(Boolean).map((line) => `${' '.repeat(12)}${line}`),
  ]
}

/** The lines of a section. Probes that were skipped for the same reason share one line. */
function section(title: string, findings: readonly RequestFinding[]): string[] {
  if (findings.length === 0) return []
  const skipped = findings.filter(({ state }) => state === 'skipped')
  const skippedWith = (reason: string): string =>
    skipped.flatMap(({ about, line }) => (line === reason ? about : [])).join(', ')
  return [
    '',
    title,
    ...findings.filter(({ state }) => state !== 'skipped').map(({ about, line }) => `  ${about}: ${line}`),
    ...[...new Set(skipped.map(({ line }) => line))].map((line) => `  ${line}: ${skippedWith(line)}`),
  ]
}

const isFailure = ({ verdict, drift }: Finding): boolean =>
  !['HELD', 'NOT ASKED'].includes(verdict) || (drift?.problems.length ?? 0) > 0

/** The settings to change, each on a line that can be pasted. */
function settingLines(findings: readonly Finding[], requestFindings: readonly RequestFinding[]): string[] {
  const hasMoved = findings.some(({ route }) => route !== undefined)
  // The pasted line replaces the variable, so it repeats the routes that stay.
  const routes = findings.flatMap(({ operation, route, routeToKeep }) => {
    const routeToSet = route ?? routeToKeep
    return routeToSet === undefined ? [] : [[operation.name, routeToSet]]
  })
  const settings = [
    ...(hasMoved ? [`QUALYS_ROUTES='${JSON.stringify(Object.fromEntries(routes))}'`] : []),
    ...requestFindings.flatMap(({ setting }) => setting ?? []),
  ]
  if (settings.length === 0) return ['Nothing to set.']
  const note =
    'A QUALYS_ROUTES that is set already also has what no recording asks: keep its tools that change something.'
  return [...(hasMoved ? [note] : []), 'To set:', ...settings.map((line) => `  ${line}`)]
}

function summaryLines(
  { ended }: RecordingFile,
  findings: readonly Finding[],
  requestFindings: readonly RequestFinding[],
): string[] {
  const heldText = (some: readonly Finding[]): string =>
    `${some.filter(({ verdict }) => verdict === 'HELD').length} of ${some.length}`
  const guessed = findings.filter(({ operation }) => operation.evidence === 'guessed')
  const driftedFields = findings.flatMap(({ drift }) => drift?.problems ?? []).length
  const failures = requestFindings.filter(({ state }) => state === 'failed').length
  const openProbes =
    findings.filter(({ verdict }) => verdict === 'NOT ASKED').length +
    requestFindings.filter(({ state }) => state === 'open' || state === 'skipped').length
  return [
    `Paths: ${heldText(guessed)} guesses held, ${heldText(findings)} of all.`,
    `Fields that drifted: ${driftedFields}. Forms and filters that do not work: ${failures}. Questions left open: ${openProbes}.`,
    ...(ended ? [`The recording is not whole, since ${endReasons[ended]}: record again for the rest.`] : []),
  ]
}

/**
 * `qualys-mcp doctor --compare FILE`: compares a recording with this program's assumptions. True if none
 * failed. Needs no account and no settings.
 */
export function compare(path: string, print: (line: string) => void): boolean {
  const recording = readRecording(path)
  const { answers, program, platform, recordedOn, complete } = recording
  const findings = assessRecording(answers)
  const [forms, filters] = [assessRequests(answers, 'way'), assessRequests(answers, 'token')]
  const requestFindings = [...forms, ...filters]
  const names = new Set<string>(operations.map(({ name }) => name))
  const unknownAnswers = answers.filter(({ operation }) => !names.has(operation)).length
  const lines = [
    `Recorded by qualys-mcp ${program} on ${recordedOn}, platform ${platform}.`,
    '',
    ...findings.flatMap(findingLines),
    ...section('Forms of requests', forms),
    ...section('Filters', filters),
    '',
    'Limits',
    ...limitLines(answers).map((line) => `  ${line}`),
    ...(unknownAnswers > 0
      ? ['', `${counted(unknownAnswers, 'answer')} of tools that this version does not have.`]
      : []),
    '',
    ...summaryLines(recording, findings, requestFindings),
    ...settingLines(findings, requestFindings),
  ]
  for (const line of lines) print(line)
  return complete && !findings.some(isFailure) && !requestFindings.some(({ state }) => state === 'failed')
}
