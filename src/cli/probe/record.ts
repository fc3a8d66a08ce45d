import { setTimeout as sleep } from 'node:timers/promises'
import packageJson from '../../../package.json' with { type: 'json' }
import { findPlatform, platforms } from '../../config/platforms.ts'
import type { Configuration, Settings } from '../../config/settings.ts'
import { accountOf } from '../../session/auth/account.ts'
import { pauseAfterRefusal } from '../../session/auth/token.ts'
import type { Session } from '../../session/session.ts'
import { takePlace } from '../../shared/atomic-file.ts'
import { QualysError } from '../../shared/errors.ts'
import { catalogueOf } from '../../tools/server/catalogue.ts'
import { planOf } from './plan.ts'
import { type Question, sentAs, skips } from './question.ts'
import { isRead } from './reads.ts'
import { type Note, told } from './recording/results.ts'
import { ends, format, type Transcript, transcript } from './recording/transcript.ts'
import { type Interview, interview } from './runner.ts'

/**
 * So slow that nobody who works with the account notices. All of it fits the 300 calls an hour of a standard
 * account (qualys-platform.md 3.2).
 */
const pauseMs = 500
/** Time to read the list of questions before the first one is sent. */
const lookMs = 5_000

export interface RecordOptions {
  /** Stops the recording; the answers so far are kept. */
  readonly signal: AbortSignal
  readonly print: (line: string) => void
}

/** The sandbox and servers on this machine are asked without pauses. */
const pauseFor = ({ sandbox, gatewayUrl }: Settings): number =>
  sandbox || gatewayUrl?.startsWith('http://') ? 0 : pauseMs

/** The error if the settings describe no account; undefined if they do. */
function lackOf(settings: Settings): QualysError | undefined {
  try {
    if (!settings.sandbox) accountOf(settings)
    return undefined
  } catch (error) {
    if (error instanceof QualysError) return error
    throw error
  }
}

function platformOf({ sandbox, platform, gatewayUrl }: Settings): Transcript['platform'] {
  if (sandbox) return 'sandbox'
  const code = (platform ?? findPlatform(gatewayUrl ? new URL(gatewayUrl).hostname : ''))?.code
  return platforms.find((one) => one.code === code)?.code ?? 'private'
}

function planLines(questions: readonly Question[], pause: number, file: string): string[] {
  const lines = questions.map((question) => {
    const { operation, kind, about, ifAbsent } = question
    const what =
      kind === 'own' ? operation.evidence : kind === 'token' || kind === 'control' ? `filter ${about}` : about
    const value = kind === 'control' ? ', with a value that nothing has' : ''
    const unless = isRead(question.route) ? '' : `; not asked: ${skips.mayAct}`
    return `  ${sentAs(question)}  ${operation.name}: ${what}${value}${ifAbsent ? '; only if it is not at its usual path' : unless}`
  })
  const most = questions.filter(({ route }) => isRead(route)).length
  const seconds = Math.ceil((most * (pause + 500)) / 1000)
  return [
    `At most ${most} requests, one at a time${pause > 0 ? `, ${pause} ms apart: about ${seconds} s` : ''}; and a login for each product, more if tokens are refused.`,
    'Nothing here changes anything: only GET, and POST to paths that search, count or get.',
    `${file} gets the form of the answers: no names, ids, outputs or addresses. Ctrl-C ends it and keeps what is there.`,
    ...lines,
    ...(pause > 0 ? [`The first goes out in ${lookMs / 1000} s.`] : []),
    '',
  ]
}

function outcomeOf({ facts }: Note): string {
  const { skipped, status, held, code, failure } = facts
  if (skipped) return `not asked, ${skips[skipped]}`
  const refused = [status, code, held ? undefined : failure].filter((part) => part !== undefined).join(' ')
  return held ? `${refused} ok` : refused
}

function transcriptOf({ notes, sightings, ended }: Interview, settings: Settings): Transcript {
  return {
    format,
    version: 1,
    program: packageJson.version,
    platform: platformOf(settings),
    recordedOn: new Date().toISOString().slice(0, 10),
    complete: ended === undefined,
    ...(ended && { ended }),
    answers: notes.map((note) => told(note, sightings)),
  }
}

/** One line per field, so that a person can read what the file publishes. */
function answerText({ envelope, fields, ...facts }: Transcript['answers'][number]): string {
  const lists = Object.entries({ envelope, fields }).map(([name, list = []]) => {
    const lines = list.map((one) => `   ${JSON.stringify(one)}`)
    return lines.length === 0 ? '' : `,\n  "${name}": [\n${lines.join(',\n')}\n  ]`
  })
  return ` ${JSON.stringify(facts).slice(0, -1)}${lists.join('')}}`
}

/** The text of the file: only what its schema allows, and redacted. */
function textOf(recorded: Transcript, session: Session): string {
  const { answers, ...facts } = transcript.parse(recorded)
  const head = JSON.stringify(facts, undefined, 1).slice(0, -2)
  return session.redact(`${head},\n "answers": [\n${answers.map(answerText).join(',\n')}\n ]\n}\n`)
}

/**
 * `qualys-mcp doctor --record FILE`: asks every read once and writes the form of the answers to a file that
 * can be published. True if every question was asked.
 */
export async function record(
  file: string,
  session: Session,
  { settings }: Configuration,
  { signal, print }: RecordOptions,
): Promise<boolean> {
  const lacking = lackOf(settings)
  if (lacking) {
    print(`${lacking.message} ${lacking.next}`)
    return false
  }
  const pause = pauseFor(settings)
  const questions = planOf(catalogueOf(settings).products, settings.routes)
  const place = takePlace(file)
  try {
    for (const line of planLines(questions, pause, file)) print(line)
    const width = String(questions.length).length
    let number = 0
    const heard = await interview(session, questions, {
      signal,
      rest: async (asked, until) => {
        if (pause > 0) await sleep(asked === 0 ? lookMs : pause, undefined, { signal: until })
      },
      pause: (until) => {
        print(
          `A path has refused the password: it is sent again in ${pauseAfterRefusal / 1000} s, since accounts lock.`,
        )
        return sleep(pauseAfterRefusal, undefined, { signal: until })
      },
      told: (question, note) => {
        number += 1
        print(`${String(number).padStart(width)}/${questions.length} ${sentAs(question)}: ${outcomeOf(note)}`)
      },
    })
    const failures = heard.failures.map(({ message, next }) => `${message} ${next}`)
    for (const failure of new Set(failures)) print(failure)
    if (heard.ended) print(`Ended early, since ${ends[heard.ended]}.`)
    if (heard.notes.every(({ facts }) => facts.status === undefined)) {
      print('Nothing was answered, so that nothing was recorded.')
      return false
    }
    const recorded = transcriptOf(heard, settings)
    place.keep(textOf(recorded, session))
    print(`${file} is written. What it tells: qualys-mcp doctor --compare ${file}`)
    return recorded.complete
  } finally {
    place.giveUp()
  }
}
