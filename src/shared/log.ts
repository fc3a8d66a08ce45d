import { AsyncLocalStorage } from 'node:async_hooks'
import { jsonLine } from './json.ts'
import { type Redact, redactJson } from './secrets.ts'

/** What a line says to programs. */
type Facts = Readonly<Record<string, string | number | boolean | undefined>>

/** Logs one line: facts for programs and a short text for people. Never a body, an argument or a query. */
type LogMethod = (facts: Facts, text: string) => void

/** One method per level. */
export interface Log {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
}

const levels = ['debug', 'info', 'warn', 'error'] as const

type Level = (typeof levels)[number]

/** The lowest level that is logged. */
export type Threshold = Level | 'silent'

/** Maximum characters of one text in a line. */
const maxTextLength = 8_000

const context = new AsyncLocalStorage<Facts>()

/** Runs `work`. Every line logged during it, at any depth, carries these facts. */
export function withContext<T>(facts: Facts, work: () => T): T {
  return context.run({ ...context.getStore(), ...facts }, work)
}

/** An error as facts: its message and stack only, since some errors carry requests. */
export function factsOf(error: unknown): Facts {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) }
}

const clip = (text: string): string =>
  text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text

/**
 * A log of JSON lines. Each line has the level, the time, the current context, the facts and the text. It is
 * redacted when it is written, so that the current token is known.
 */
export function openLog(threshold: Threshold, redact: Redact, write: (line: string) => void): Log {
  const minLevel = threshold === 'silent' ? levels.length : levels.indexOf(threshold)
  const clean = (text: string): string => clip(redact(text))
  const at = (level: Level): LogMethod => {
    if (levels.indexOf(level) < minLevel) return () => undefined
    return (facts, msg) => {
      const line = { level, time: new Date().toISOString(), ...context.getStore(), ...facts, msg }
      // Redacts each text, not the whole line: replacing a secret that holds a quote would break the JSON.
      write(`${jsonLine(redactJson(line, clean))}\n`)
    }
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Logs nothing. */
export const silentLog: Log = openLog(
  'silent',
  (text) => text,
  () => undefined,
)

/** The log for the errors of a request: none once it is cancelled, since nobody reads its answer. */
export const errorLogFor = (log: Log, signal: AbortSignal): Log => (signal.aborted ? silentLog : log)
