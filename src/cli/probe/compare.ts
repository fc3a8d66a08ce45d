import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { operations } from '../../operations/index.ts'
import { SettingsError } from '../../shared/errors.ts'
import { codeOf } from '../../shared/own-folder.ts'
import { type Finding, findingsIn } from './comparison/assessment.ts'
import { ends, format, type RecordedAnswer, type Transcript, transcript } from './recording/transcript.ts'
import { type Learnt, limitsIn, tokensIn, waysIn } from './requests.ts'

/** A recording has a hundredth of this. */
const largestFile = 16 * 1024 * 1024

function textIn(path: string): string {
  try {
    // Non-blocking: opening a pipe would wait.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const about = fstatSync(file)
      if (about.isFile() && about.size <= largestFile) return readFileSync(file, 'utf8')
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new SettingsError(
      `${path} cannot be read (${codeOf(error) ?? 'unknown'}): name a file that doctor --record wrote.`,
    )
  }
  throw new SettingsError(
    `${path} is no file, or larger than any recording: name a file that doctor --record wrote.`,
  )
}

/** Parses a recording and validates every field: it may come from anybody. */
function readTranscript(path: string): Transcript {
  let value: unknown
  try {
    value = JSON.parse(textIn(path))
  } catch (error) {
    if (error instanceof SettingsError) throw error
    throw new SettingsError(`${path} is no JSON: name a file that doctor --record wrote.`)
  }
  const read = transcript.safeParse(value)
  if (read.success) return read.data
  const named = typeof value === 'object' && value !== null && 'format' in value && value.format === format
  throw new SettingsError(
    named
      ? `${path} was changed, or written by another version of qualys-mcp: record again with this one.`
      : `${path} is no recording: name a file that doctor --record wrote.`,
  )
}

const most = 12

function listed(names: readonly string[]): string {
  const rest = names.length - most
  return `${names.slice(0, most).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

const indent = ' '.repeat(12)

/** The lines about the form of rows, which decides how a list can be paged. */
function rowLines(answer: RecordedAnswer | undefined): string[] {
  const { wrapped, sortValues } = answer?.rows ?? {}
  if (!sortValues) return []
  return [`${indent}rows: ${wrapped ? 'wrapped' : 'flat'}, sortValues ${sortValues.join(', ')}`]
}

function findingLines({ operation, verdict, because, answer, others, drift }: Finding): string[] {
  const { name, evidence } = operation
  const words = (answer?.fields ?? []).flatMap(({ path, values }) =>
    values ? [`${path} ${values.join('|')}`] : [],
  )
  return [
    `${verdict.padEnd(11)} ${name} (${evidence}): ${because}`,
    ...(drift?.wrong ?? []).map((sentence) => `${indent}DRIFT: ${sentence}`),
    ...rowLines(answer),
    ...(others.length > 0 ? [`${indent}answers as well: ${listed(others)}`] : []),
    ...(drift && drift.unseen.length > 0 ? [`${indent}declared, and not seen: ${listed(drift.unseen)}`] : []),
    ...(drift && drift.others.length > 0
      ? [`${indent}fields beyond those declared: ${listed(drift.others)}`]
      : []),
    ...(words.length > 0 ? [`${indent}words: ${listed(words)}`] : []),
  ]
}

type Told = Learnt & { readonly about: string }

/** The lines of a section. Questions that were skipped for the same reason share one line. */
function section(title: string, learnt: readonly Told[]): string[] {
  if (learnt.length === 0) return []
  const unasked = [...new Set(learnt.filter(({ unasked }) => unasked).map(({ line }) => line))]
  return [
    '',
    title,
    ...learnt.filter(({ unasked }) => !unasked).map(({ about, line }) => `  ${about}: ${line}`),
    ...unasked.map(
      (line) =>
        `  ${line}: ${learnt
          .filter((one) => one.unasked && one.line === line)
          .map(({ about }) => about)
          .join(', ')}`,
    ),
  ]
}

const isBad = ({ verdict, drift }: Finding): boolean =>
  !['HELD', 'NOT ASKED'].includes(verdict) || (drift?.wrong.length ?? 0) > 0

const anyMoved = (findings: readonly Finding[]): boolean => findings.some(({ route }) => route !== undefined)

/** The settings to change, each on a line that can be pasted. */
function settingLines(findings: readonly Finding[], learnt: readonly Told[]): string[] {
  // The pasted line replaces the variable, so it repeats the routes that stay.
  const routes = Object.fromEntries(
    findings.flatMap(({ operation, route, keeps = route }) =>
      keeps === undefined ? [] : [[operation.name, route ?? keeps]],
    ),
  )
  return [
    ...(anyMoved(findings) ? [`QUALYS_ROUTES='${JSON.stringify(routes)}'`] : []),
    ...learnt.flatMap(({ setting }) => (setting === undefined ? [] : [setting])),
  ]
}

const number = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

function summaryLines(recorded: Transcript, findings: readonly Finding[], learnt: readonly Told[]): string[] {
  const held = (of: readonly Finding[]): string =>
    `${of.filter(({ verdict }) => verdict === 'HELD').length} of ${of.length}`
  const guessed = findings.filter(({ operation }) => operation.evidence === 'guessed')
  const drifted = findings.flatMap(({ drift }) => drift?.wrong ?? []).length
  const failing = learnt.filter(({ fails }) => fails).length
  const open =
    findings.filter(({ verdict }) => verdict === 'NOT ASKED').length +
    learnt.filter(({ open }) => open).length
  const settings = settingLines(findings, learnt)
  return [
    '',
    `Paths: ${held(guessed)} guesses held, ${held(findings)} of all.`,
    `Fields that drifted: ${drifted}. Forms and filters that do not work: ${failing}. Questions left open: ${open}.`,
    ...(recorded.ended
      ? [`The recording is not whole, since ${ends[recorded.ended]}: record again for the rest.`]
      : []),
    ...(anyMoved(findings)
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
  const recorded = readTranscript(path)
  const { answers, program, platform, recordedOn } = recorded
  const findings = findingsIn(answers)
  const [tokens, ways] = [tokensIn(answers), waysIn(answers)]
  const learnt = [...ways, ...tokens]
  const known = new Set(operations.map(({ name }) => name as string))
  const strangers = answers.filter(({ operation }) => !known.has(operation)).length
  const lines = [
    `Recorded by qualys-mcp ${program} on ${recordedOn}, platform ${platform}.`,
    '',
    ...findings.flatMap(findingLines),
    ...section('Forms of requests', ways),
    ...section('Filters', tokens),
    '',
    'Limits',
    ...limitsIn(answers).map((line) => `  ${line}`),
    ...(strangers > 0
      ? ['', `${number(strangers, 'answer')} of tools that this version does not have.`]
      : []),
    ...summaryLines(recorded, findings, learnt),
  ]
  for (const line of lines) print(line)
  return recorded.complete && !findings.some(isBad) && !learnt.some(({ fails }) => fails)
}
