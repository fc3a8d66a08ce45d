import type { Readable, Writable } from 'node:stream'
import type { Environment } from '../config/settings.ts'
import type { Redact } from '../shared/secrets.ts'
import type { Invocation } from './command-line.ts'
import type { ShutdownSignals } from './shutdown.ts'

/** Closes what a command has opened, the last one first. */
export class Cleanup {
  readonly #open: (() => Promise<unknown>)[] = []

  /** Closed before everything that was added earlier. */
  add(close: () => Promise<unknown>): void {
    this.#open.push(close)
  }

  /** Closed after everything else. */
  addLast(close: () => Promise<unknown>): void {
    this.#open.unshift(close)
  }

  /** Closes everything. A failure does not keep the rest open. */
  async run(): Promise<void> {
    for (let close = this.#open.pop(); close; close = this.#open.pop()) await close().catch(() => undefined)
  }
}

/** What a command may use of the program. */
export interface CommandContext {
  readonly invocation: Invocation
  readonly environment: Environment
  readonly stdin: Readable
  readonly stdout: Writable
  /** True if a person is at both ends. */
  readonly isTerminal: () => boolean
  /** Writes one line of the result to stdout. */
  readonly print: (line: string) => void
  /** Writes one line for the operator to stderr. */
  readonly warn: (line: string) => void
  /** Writes one line of the log to stderr, line break included. Drops it while nobody reads. */
  readonly writeLog: (line: string) => void
  readonly shutdown: ShutdownSignals
  /** Resolves with the reason when the parent process has ended. */
  readonly parentExited: () => Promise<string>
  /** What must be closed before the program ends. */
  readonly cleanup: Cleanup
  /** Runs when the process exits, after everything else. */
  readonly onExit: (close: () => void) => void
  /** The id of this process. */
  readonly pid: number
  /** True if a process of this machine has this id. */
  readonly isAlive: (pid: number) => boolean
  /** Runs each time the process is told to read its files again (SIGHUP), which Windows has not. */
  readonly onHangup: (reload: () => void) => void
  /** Sets how errors that reach the program are reported. */
  readonly reportBy: (reporting: Partial<Reporting>) => void
}

/** How the program reports an error that no command catches. */
export interface Reporting {
  readonly redact: Redact
  /** Reports an unexpected error with its stack. */
  readonly report: (error: unknown) => void
}

/** A command: does its work and returns the exit code. Throws a SettingsError for what the operator must change. */
export type Command = (context: CommandContext) => Promise<number>
