import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../../package.json' with { type: 'json' }
import { findPlatform, platforms } from '../../config/platforms.ts'
import type { Configuration, Settings } from '../../config/settings.ts'
import { accountOf } from '../../session/auth/account.ts'
import { refusalPauseMs } from '../../session/auth/token.ts'
import type { Session } from '../../session/session.ts'
import { reserveFile } from '../../shared/atomic-file.ts'
import { ownCommand } from '../../shared/command/own-command.ts'
import { shellWord } from '../../shared/command/shell-word.ts'
import { QualysError } from '../../shared/errors.ts'
import { catalogueOf } from '../../tools/server/catalogue.ts'
import { planProbes } from './plan.ts'
import { type Probe, routeAsSent, skipReasons } from './probe.ts'
import { isReadRoute } from './read-routes.ts'
import type { Form } from './recording/form.ts'
import {
  endReasons,
  type RecordedAnswer,
  recordingFormat,
  recordingSchema,
  recordingVersion,
} from './recording/schema.ts'
import { type ProbeRun, runProbes } from './runner.ts'

/**
 * The pause between two requests, so that nobody who works with the account notices them. All requests fit the 300
 * calls an hour of a standard account (qualys-platform.md 3.2).
 */
const requestGapMs = 500
/** Time to read the list of probes before the first one is sent. */
const readingMs = 5_000

export interface RecordOptions {
  /** Stops the recording; the answers so far are kept. */
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

/** The pause between two requests. None for the sandbox and for servers on this machine. */
const gapFor = ({ sandbox, gatewayUrl, apiUrl }: Settings): number =>
  sandbox || (gatewayUrl ?? apiUrl)?.startsWith('http://') ? 0 : requestGapMs

function platformOf({ sandbox, platform, gatewayUrl, apiUrl }: Settings): string {
  if (sandbox) return 'sandbox'
  const url = gatewayUrl ?? apiUrl
  const { code = '' } = platform ?? findPlatform(url ? new URL(url).hostname : '') ?? {}
  return platforms.some((known) => known.code === code) ? code : 'private'
}

/** What a probe tests, in the list of probes. */
function purposeOf({ kind, operation, about }: Probe): string {
  if (kind === 'own') return operation.evidence
  if (kind === 'token') return `filter ${about}`
  return kind === 'control' ? `filter ${about}, with a value that nothing has` : about
}

function planLine(probe: Probe): string {
  const { operation, onlyIfNotFound } = probe
  const notSent = isReadRoute(operation.route) ? '' : `; not asked: ${skipReasons.mayAct}`
  const condition = onlyIfNotFound ? '; only if it is not at its usual path' : notSent
  return `  ${routeAsSent(operation)}  ${operation.name}: ${purposeOf(probe)}${condition}`
}

function planLines(probes: readonly Probe[], gapMs: number, file: string): string[] {
  const requests = probes.filter(({ operation }) => isReadRoute(operation.route)).length
  const seconds = Math.ceil((requests * (gapMs + 500)) / 1000)
  return [
    `At most ${requests} requests, one at a time${gapMs > 0 ? `, ${gapMs} ms apart: about ${seconds} s` : ''}; and a login for each product, more if tokens are refused.`,
    'Nothing here changes anything: only GET, and POST to paths that search, count or get.',
    `${file} gets the form of the answers: no names, ids, outputs or addresses. Ctrl-C ends it and keeps what is there.`,
    ...probes.map(planLine),
    ...(gapMs > 0 ? [`The first goes out in ${readingMs / 1000} s.`] : []),
    '',
  ]
}

function outcomeOf({ skipped, status, held, code, failure }: RecordedAnswer): string {
  if (skipped) return `not asked, ${skipReasons[skipped]}`
  const response = [status, code, held ? undefined : failure].filter((part) => part !== undefined).join(' ')
  return held ? `${response} ok` : response
}

/** One line per field, so that a person can read what the file publishes. */
function formText(name: string, { unknown, fields }: Form): string {
  const lines = Object.entries(fields).map(
    (entry) => `\n   ${entry.map((part) => JSON.stringify(part)).join(': ')}`,
  )
  return `,\n  "${name}": {"unknown": ${unknown}, "fields": {${lines.join(',')}}}`
}

function answerText({ envelope, record, ...facts }: RecordedAnswer): string {
  const forms = [envelope && formText('envelope', envelope), record && formText('record', record)]
  return ` ${JSON.stringify(facts).slice(0, -1)}${forms.filter(Boolean).join('')}}`
}

/** The text of the file: only what its schema allows. */
function fileText({ answers: recorded, endReason }: ProbeRun, settings: Settings): string {
  const { answers, ...facts } = recordingSchema.parse({
    format: recordingFormat,
    version: recordingVersion,
    program: packageJson.version,
    platform: platformOf(settings),
    recordedOn: new Date().toISOString().slice(0, 10),
    complete: endReason === undefined,
    ended: endReason,
    answers: recorded,
  })
  const head = JSON.stringify(facts, undefined, 1).slice(0, -2)
  return `${head},\n "answers": [\n${answers.map(answerText).join(',\n')}\n ]\n}\n`
}

/**
 * `qualys-mcp doctor --record FILE`: probes every read once and writes the form of the answers to a file that
 * can be published. True if every probe was sent.
 */
export async function record(
  file: string,
  session: Session,
  { settings }: Configuration,
  { signal, print }: RecordOptions,
): Promise<boolean> {
  try {
    if (!settings.sandbox) accountOf(settings)
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    print(`${error.message} ${error.next}`)
    return false
  }
  const gapMs = gapFor(settings)
  const probes = planProbes(catalogueOf(settings).products, settings.routes)
  const reserved = reserveFile(file)
  try {
    for (const line of planLines(probes, gapMs, file)) print(line)
    const run = await runProbes(session, probes, {
      signal,
      waitBeforeProbe: async (sentCount) => {
        if (gapMs > 0) await sleep(sentCount === 0 ? readingMs : gapMs, undefined, { signal })
      },
      waitAfterRefusal: () => {
        print(
          `A path has refused the password: it is sent again in ${refusalPauseMs / 1000} s, since accounts lock.`,
        )
        return sleep(refusalPauseMs, undefined, { signal })
      },
      onResult: ({ operation }, answer, number) => {
        const total = String(probes.length)
        print(
          `${String(number).padStart(total.length)}/${total} ${routeAsSent(operation)}: ${outcomeOf(answer)}`,
        )
      },
    })
    const failures = run.failures.map(({ message, next }) => `${message} ${next}`)
    for (const failure of new Set(failures)) print(failure)
    if (run.endReason) print(`Ended early, since ${endReasons[run.endReason]}.`)
    if (run.answers.every(({ status }) => status === undefined)) {
      print('Nothing was answered, so that nothing was recorded.')
      return false
    }
    reserved.commit(session.redact(fileText(run, settings)))
    print(`${file} is written. What it tells: ${ownCommand('doctor', '--compare', shellWord(file))}`)
    return run.endReason === undefined
  } finally {
    reserved.discard()
  }
}
