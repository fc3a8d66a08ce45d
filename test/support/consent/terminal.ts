import { stripVTControlCharacters } from 'node:util'
import { program } from '../stdio/peers.ts'

type Pty = typeof import('@lydell/node-pty')

/** Undefined where there is no prebuilt binary for this machine. */
export const pty: Pty | undefined = await import('@lydell/node-pty').then(
  (module) => (typeof module.spawn === 'function' ? module : undefined),
  () => undefined,
)

/** The built program, or another command, in a terminal of its own, with a person who types. */
export class TerminalSession {
  readonly #terminal: ReturnType<Pty['spawn']>
  readonly ended: Promise<number>
  #seen = ''

  constructor(
    { spawn }: Pty,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    command: readonly [file: string, ...args: string[]] = [process.execPath, program],
  ) {
    const [file, ...first] = command
    this.#terminal = spawn(file, [...first, ...args], { env: { ...env }, cols: 200, rows: 60 })
    this.#terminal.onData((data) => {
      this.#seen += data
    })
    this.ended = new Promise((resolve) => this.#terminal.onExit(({ exitCode }) => resolve(exitCode)))
  }

  /** The screen, line by line. */
  get screen(): string {
    return stripVTControlCharacters(this.#seen).replaceAll('\r\n', '\n').replaceAll('\r', '')
  }

  type(keys: string): void {
    this.#terminal.write(keys)
  }

  kill(): void {
    this.#terminal.kill()
  }
}
