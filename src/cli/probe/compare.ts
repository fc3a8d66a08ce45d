import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { operations } from '../../operations/index.ts'
import { SettingsError } from '../../shared/errors.ts'
import { counted } from '../../shared/format.ts'
import { systemErrorCode } from '../../shared/own-folder.ts'
import {
  assessFilterTokens,
  assessRequestForms,
  limitLines,
  type RequestFinding,
} from './comparison/request-assessment.ts'
import { assessRecording, type Finding } from './comparison/route-assessment.ts'
import {
  endReasons,
  type RecordedAnswer,
  type RecordingFile,
  recordingFormat,
  recordingSchema,
} from './recording/schema.ts'

/** A hundred times the usual size of a recording. */
const maxFileBytes = 16 * 1024 * 1024

function readText(path: string): string {
  try {
    // Non-blocking, since opening a pipe would wait.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(file)
      if (stats.isFile() && stats.size <= maxFileBytes) return readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new SettingsError(
      `${path} cannot be read (${systemErrorCode(error) ?? 'unknown'}): name a file that doctor --record wrote.`,
    )
  }
  throw new SettingsError(
    `${path} is no file, or larger than any recording: name a file that doctor --record wrote.`,
  )
}

/** Parses a recording and validates every field, since the file may come from anybody. */
function readRecording(path: string): RecordingFile {
  let value: unknown
  try {
    value = JSON.parse(readText(path))
  } catch (error) {
    if (error instanceof SettingsError) throw error
    throw new SettingsError(`${path} is no JSON: name a file that doctor --record wrote.`)
  }
  const parsed = recordingSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const hasFormat =
    typeof value === 'object' && value !== null && 'format' in value && value.format === recordingFormat
  throw new SettingsError(
    hasFormat
      ? `${path} was changed, or written by another version of qualys-mcp: record again with this one.`
      : `${path} is no recording: name a file that doctor --record wrote.`,
  )
}

const maxListed = 12

function joinNames(names: readonly string[]): string {
  const omitted = names.length - maxListed
  return `${names.slice(0, maxListed).join(', ')}${omitted > 0 ? ` and ${omitted} more` : ''}`
}

const indent = ' '.repeat(12)

/** The lines about the form of rows, which decides how a list can be paged. */
function rowLines(answer: RecordedAnswer | undefined): string[] {
  const { wrapped, sortValues } = answer?.rows ?? {}
  if (!sortValues) return []
  return [`${indent}rows: ${wrapped ? 'wrapped' : 'flat'}, sortValues ${sortValues.join(', ')}`]
}

function findingLines({ operation, verdict, reason, answer, otherRoutes, drift }: Finding): string[] {
  const { name, evidence } = operation
  const unknown = answer?.record?.unknown ?? 0
  return [
    `${verdict.padEnd(11)} ${name} (${evidence}): ${reason}`,
    ...(drift?.problems ?? []).map((sentence) => `${indent}DRIFT: ${sentence}`),
    ...rowLines(answer),
    ...(otherRoutes.length > 0 ? [`${indent}answers as well: ${joinNames(otherRoutes)}`] : []),
    ...(drift && drift.unseen.length > 0
      ? [`${indent}declared, and not seen: ${joinNames(drift.unseen)}`]
      : []),
    ...(unknown > 0 ? [`${indent}fields beyond those declared: ${unknown}`] : []),
  ]
}

/** A finding about a form of requests or a filter, and what it is about. */
type NamedFinding = RequestFinding & { readonly about: string }

/** The lines of a section. Probes that were skipped for the same reason share one line. */
function section(title: string, requestFindings: readonly NamedFinding[]): string[] {
  if (requestFindings.length === 0) return []
  const skippedLines = [
    ...new Set(requestFindings.filter(({ isSkipped }) => isSkipped).map(({ line }) => line)),
  ]
  return [
    '',
    title,
    ...requestFindings.filter(({ isSkipped }) => !isSkipped).map(({ about, line }) => `  ${about}: ${line}`),
    ...skippedLines.map(
      (line) =>
        `  ${line}: ${requestFindings
          .filter((finding) => finding.isSkipped && finding.line === line)
          .map(({ about }) => about)
          .join(', ')}`,
    ),
  ]
}

const isFailure = ({ verdict, drift }: Finding): boolean =>
  !['HELD', 'NOT ASKED'].includes(verdict) || (drift?.problems.length ?? 0) > 0

const hasMovedRoutes = (findings: readonly Finding[]): boolean =>
  findings.some(({ route }) => route !== undefined)

/** The settings to change, each on a line that can be pasted. */
function settingLines(findings: readonly Finding[], requestFindings: readonly NamedFinding[]): string[] {
  // The pasted line replaces the variable, so it repeats the routes that stay.
  const routes = Object.fromEntries(
    findings.flatMap(({ operation, route, routeToKeep = route }) =>
      routeToKeep === undefined ? [] : [[operation.name, route ?? routeToKeep]],
    ),
  )
  return [
    ...(hasMovedRoutes(findings) ? [`QUALYS_ROUTES='${JSON.stringify(routes)}'`] : []),
    ...requestFindings.flatMap(({ setting }) => (setting === undefined ? [] : [setting])),
  ]
}

function summaryLines(
  recording: RecordingFile,
  findings: readonly Finding[],
  requestFindings: readonly NamedFinding[],
): string[] {
  const heldText = (some: readonly Finding[]): string =>
    `${some.filter(({ verdict }) => verdict === 'HELD').length} of ${some.length}`
  const guessed = findings.filter(({ operation }) => operation.evidence === 'guessed')
  const driftedFields = findings.flatMap(({ drift }) => drift?.problems ?? []).length
  const failures = requestFindings.filter(({ hasFailed }) => hasFailed).length
  const openProbes =
    findings.filter(({ verdict }) => verdict === 'NOT ASKED').length +
    requestFindings.filter(({ isOpen }) => isOpen).length
  const settings = settingLines(findings, requestFindings)
  return [
    '',
    `Paths: ${heldText(guessed)} guesses held, ${heldText(findings)} of all.`,
    `Fields that drifted: ${driftedFields}. Forms and filters that do not work: ${failures}. Questions left open: ${openProbes}.`,
    ...(recording.ended
      ? [`The recording is not whole, since ${endReasons[recording.ended]}: record again for the rest.`]
      : []),
    ...(hasMovedRoutes(findings)
      ? [
          'A QUALYS_ROUTES that is set already also has what no recording asks: keep its tools that change something.',
        ]
      : []),
    ...(settings.length > 0 ? ['To set:', ...settings.map((line) => `  ${line}`)] : ['Nothing to set.']),
  ]
}

/**
 * `qualys-mcp doctor --compare FILE`: compares a recording with this program's assumptions. True if none
 * failed. Needs no account and no settings.
 */
export function compare(path: string, print: (line: string) => void): boolean {
  const recording = readRecording(path)
  const { answers, program, platform, recordedOn } = recording
  const findings = assessRecording(answers)
  const [filters, forms] = [assessFilterTokens(answers), assessRequestForms(answers)]
  const requestFindings = [...forms, ...filters]
  const names = new Set(operations.map(({ name }) => name as string))
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
    ...summaryLines(recording, findings, requestFindings),
  ]
  for (const line of lines) print(line)
  return (
    recording.complete && !findings.some(isFailure) && !requestFindings.some(({ hasFailed }) => hasFailed)
  )
}
