import { AsyncLocalStorage } from 'node:async_hooks'
import type { pino as Pino } from 'pino'
import { jsonLine } from './json-line.ts'
import { type Redact, redactJson } from './secrets.ts'

/** Logs one line: facts for programs and a short text for people. Never a body, an argument or a query. */
type LogMethod = (facts: object, text: string) => void

/** One method per level. */
export interface Log {
  readonly debug: LogMethod
  readonly info: LogMethod
  readonly warn: LogMethod
  readonly error: LogMethod
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
const maxTextLength = 8_000

const context = new AsyncLocalStorage<object>()

/** Runs `work`. Every line logged during it, at any depth, carries these facts. */
export function withContext<T>(facts: object, work: () => T): T {
  return context.run({ ...context.getStore(), ...facts }, work)
}

/** An error as facts: its message and stack only, since some errors carry requests. */
export function factsOf(error: unknown): object {
  return error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) }
}

type Sink = (level: Level, line: object, text: string) => void

/** A log that adds the time and the current context to every line. */
function logOf(threshold: Threshold, sink: Sink): Log {
  const minLevel = threshold === 'silent' ? levels.length : levels.indexOf(threshold)
  const at = (level: Level): LogMethod => {
    if (levels.indexOf(level) < minLevel) return () => undefined
    return (facts, text) =>
      sink(level, { time: new Date().toISOString(), ...context.getStore(), ...facts }, text)
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** Logs nothing. */
export const silentLog: Log = logOf('silent', () => undefined)

/** The log for the errors of a request: none once it is cancelled, since nobody reads its answer. */
export const errorLogFor = (log: Log, signal: AbortSignal): Log => (signal.aborted ? silentLog : log)

const clip = (text: string): string =>
  text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text

/**
 * Writes JSON lines with pino. Each line is redacted when it is written, so that the current token is known.
 */
function pinoSink(
  pino: typeof Pino,
  threshold: Threshold,
  redact: Redact,
  write: (line: string) => void,
): Sink {
  const clean = (text: string): string => clip(redact(text))
  const stream = {
    // Redacts each text, not the whole line: replacing a secret that holds a quote would break the JSON.
    write: (line: string) => write(`${jsonLine(redactJson(JSON.parse(line), clean))}\n`),
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
export function pinoLog(
  pino: typeof Pino,
  threshold: Threshold,
  redact: Redact,
  write: (line: string) => void,
): Log {
  return logOf(threshold, pinoSink(pino, threshold, redact, write))
}

/** A log that loads pino shortly after the first line. Until then lines wait in their order. */
export function openLog(threshold: Threshold, redact: Redact, write: (line: string) => void): OpenLog {
  let sink: Sink | undefined
  let loading: Promise<void> | undefined
  const waiting: Parameters<Sink>[] = []
  const load = async (): Promise<void> => {
    const { default: pino } = await import('pino')
    sink = pinoSink(pino, threshold, redact, write)
    for (const line of waiting.splice(0)) sink(...line)
  }
  const begin = (): Promise<void> => (loading ??= load())
  const log = logOf(threshold, (...line) => {
    if (sink) return sink(...line)
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
