import { AsyncLocalStorage } from 'node:async_hooks'
import type { pino as Pino } from 'pino'
import { jsonLine } from './json-line.ts'
import { type Redact, redacted } from './secrets.ts'

/** One line: what a program looks for, and one short text for people. Never a body, an argument or a query. */
type Say = (facts: object, text: string) => void

/** Where lines go, by how much they matter. */
export interface Log {
  readonly debug: Say
  readonly info: Say
  readonly warn: Say
  readonly error: Say
}

/** A log that has to be closed before the program ends. */
export interface OpenLog extends Log {
  /** Resolves once every line is written. */
  readonly close: () => Promise<void>
}

const levels = ['debug', 'info', 'warn', 'error'] as const

type Level = (typeof levels)[number]

/** How much is logged: lines of this level and of those that matter more. */
export type Threshold = Level | 'silent'

/** Who starts the program waits for its list of tools, not for the first line of its log. */
const loadAfterMs = 250
/** Characters of the longest text in a line. */
const longest = 8_000

const borne = new AsyncLocalStorage<object>()

/** Runs work; whatever is logged meanwhile, however deep below, bears these facts. */
export function bearing<T>(more: object, work: () => T): T {
  return borne.run({ ...borne.getStore(), ...more }, work)
}

/** An error as facts: no members of it but these, for some carry requests around. */
export function factsOf(error: unknown): object {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) }
}

type Put = (level: Level, line: object, text: string) => void

/** A log that puts down every line with its moment, and with what is borne then and there. */
function logOf(threshold: Threshold, put: Put): Log {
  const least = threshold === 'silent' ? levels.length : levels.indexOf(threshold)
  const at = (level: Level): Say => {
    if (levels.indexOf(level) < least) return () => undefined
    return (what, text) => put(level, { time: new Date().toISOString(), ...borne.getStore(), ...what }, text)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Says nothing. */
export const silent: Log = logOf('silent', () => undefined)

const clipped = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** Lines of JSON by pino, redacted as they are written, when the token in force is known. */
function putBy(pino: typeof Pino, threshold: Threshold, redact: Redact, write: (line: string) => void): Put {
  const clean = (text: string): string => clipped(redact(text))
  const stream = {
    // Text by text and not over the line as a whole: a secret with a quote in it would take JSON apart.
    write: (line: string) => write(`${jsonLine(redacted(JSON.parse(line), clean))}\n`),
  }
  const options = {
    level: threshold,
    base: null,
    timestamp: false,
    formatters: { level: (level: string) => ({ level }) },
  } as const
  const logger = pino(options, stream)
  return (level, line, text) => logger[level](line, text)
}

/** A log that writes at once, for whoever has pino already. */
export function logBy(
  pino: typeof Pino,
  threshold: Threshold,
  redact: Redact,
  write: (line: string) => void,
): Log {
  return logOf(threshold, putBy(pino, threshold, redact, write))
}

/** A log whose writer is loaded once there is something to write, and then not at once: until then lines wait in their order. */
export function openLog(threshold: Threshold, redact: Redact, write: (line: string) => void): OpenLog {
  let put: Put | undefined
  let loading: Promise<void> | undefined
  const waiting: Parameters<Put>[] = []
  const load = async (): Promise<void> => {
    const { default: pino } = await import('pino')
    put = putBy(pino, threshold, redact, write)
    for (const line of waiting.splice(0)) put(...line)
  }
  const begin = (): Promise<void> => (loading ??= load())
  const log = logOf(threshold, (...line) => {
    if (put) return put(...line)
    waiting.push(line)
    if (waiting.length === 1) setTimeout(begin, loadAfterMs).unref()
  })
  return {
    ...log,
    close: async () => {
      if (waiting.length > 0) await begin()
    },
  }
}
