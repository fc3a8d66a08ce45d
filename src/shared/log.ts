import { AsyncLocalStorage } from 'node:async_hooks'
import type { pino as Pino } from 'pino'
import { jsonLine } from './json-line.ts'
import { type Redact, redacted } from './secrets.ts'

/** Logs one line: facts for programs and a short text for people. Never a body, an argument or a query. */
type Say = (facts: object, text: string) => void

/** One method per level. */
export interface Log {
  readonly debug: Say
  readonly info: Say
  readonly warn: Say
  readonly error: Say
}

/** A log that must be closed before the program ends. */
export interface OpenLog extends Log {
  /** Resolves when every line is written. */
  readonly close: () => Promise<void>
}

const levels = ['debug', 'info', 'warn', 'error'] as const

type Level = (typeof levels)[number]

/** The lowest level that is logged. */
export type Threshold = Level | 'silent'

/** Delays loading pino, so that the list of tools is ready first. */
const loadAfterMs = 250
/** Maximum characters of one text in a line. */
const longest = 8_000

const borne = new AsyncLocalStorage<object>()

/** Runs `work`. Every line logged during it, at any depth, carries these facts. */
export function bearing<T>(more: object, work: () => T): T {
  return borne.run({ ...borne.getStore(), ...more }, work)
}

/** An error as facts: its message and stack only, since some errors carry requests. */
export function factsOf(error: unknown): object {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) }
}

type Put = (level: Level, line: object, text: string) => void

/** A log that adds the time and the current context to every line. */
function logOf(threshold: Threshold, put: Put): Log {
  const least = threshold === 'silent' ? levels.length : levels.indexOf(threshold)
  const at = (level: Level): Say => {
    if (levels.indexOf(level) < least) return () => undefined
    return (what, text) => put(level, { time: new Date().toISOString(), ...borne.getStore(), ...what }, text)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Logs nothing. */
export const silent: Log = logOf('silent', () => undefined)

const clipped = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/**
 * Writes JSON lines with pino. Each line is redacted when it is written, so that the current token is known.
 */
function putBy(pino: typeof Pino, threshold: Threshold, redact: Redact, write: (line: string) => void): Put {
  const clean = (text: string): string => clipped(redact(text))
  const stream = {
    // Redacts each text, not the whole line: replacing a secret that holds a quote would break the JSON.
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

/** A log that writes at once, for callers that have already loaded pino. */
export function logBy(
  pino: typeof Pino,
  threshold: Threshold,
  redact: Redact,
  write: (line: string) => void,
): Log {
  return logOf(threshold, putBy(pino, threshold, redact, write))
}

/** A log that loads pino shortly after the first line. Until then lines wait in their order. */
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
