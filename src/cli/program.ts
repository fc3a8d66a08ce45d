import { ownCallOf } from '../shared/command/own-call.ts'
import { setOwnCommand } from '../shared/command/own-command.ts'
import { SettingsError } from '../shared/errors.ts'
import { systemErrorCode } from '../shared/own-folder.ts'
import { setOwnUserId } from '../shared/own-user.ts'
import { redactor } from '../shared/secrets.ts'
import { answersEnd, type Invocation, readCommandLine, specOf } from './command-line.ts'
import { commandCode } from './commands.ts'
import { Cleanup, type CommandContext, type Reporting } from './context.ts'
import { listenForShutdown, parentExited } from './shutdown.ts'

/** Open resources get 1 s to close; with the 4 s of running calls it is 5 s in all (README). */
const closeMs = 1_000
/** Bytes of unread log that are kept: a client that does not read stderr must not fill the memory. */
const maxUnreadBytes = 1024 * 1024

type Warn = (line: string) => void
type OwnReporting = { -readonly [Key in keyof Reporting]: Reporting[Key] }

function reportingBy(warn: Warn): OwnReporting {
  const reporting: OwnReporting = {
    redact: redactor([]).redact,
    report: (error) =>
      warn(reporting.redact(error instanceof Error ? (error.stack ?? error.message) : String(error))),
  }
  return reporting
}

/** A process of another user is alive, too, though no signal may be sent to it. */
function isAlive(program: NodeJS.Process, pid: number): boolean {
  try {
    return program.kill(pid, 0)
  } catch (error) {
    return systemErrorCode(error) === 'EPERM'
  }
}

function contextOf(
  program: NodeJS.Process,
  invocation: Invocation,
  warn: Warn,
  reporting: OwnReporting,
): CommandContext {
  const { stdout, stderr } = program
  const { outlivesTerminal, reloads } = specOf(invocation.command) ?? {}
  const hangups: (() => void)[] = []
  // From the start: until somebody listens, the signal ends a process.
  if (reloads)
    program.on('SIGHUP', () => {
      for (const reload of hangups) reload()
    })
  const signals = ['SIGINT', 'SIGTERM', ...(outlivesTerminal ? [] : (['SIGHUP'] as const))] as const
  return {
    invocation,
    environment: program.env,
    // Opened by the commands that read it.
    get stdin() {
      return program.stdin
    },
    stdout,
    isTerminal: () => program.stdin.isTTY === true && stdout.isTTY === true,
    print: (line) => stdout.write(`${line}\n`),
    warn,
    writeLog: (line) => stderr.writableLength < maxUnreadBytes && stderr.write(line),
    shutdown: listenForShutdown(program, signals, (error) => reporting.report(error)),
    parentExited: () => parentExited(program),
    cleanup: new Cleanup(),
    onExit: (close) => program.once('exit', close),
    pid: program.pid,
    isAlive: (pid) => isAlive(program, pid),
    onHangup: (reload) => hangups.push(reload),
    reportBy: (changes) => Object.assign(reporting, changes),
  }
}

const ownCall = ({ argv, execPath, env, platform }: NodeJS.Process): string =>
  ownCallOf({ script: argv[1] ?? '', node: execPath, environment: env, isWindows: platform === 'win32' })

/** Runs the command of the command line, and sets the exit code. */
export async function runCommand(program: NodeJS.Process): Promise<void> {
  const warn: Warn = (line) => program.stderr.write(`qualys-mcp: ${line}\n`)
  const reporting = reportingBy(warn)
  let cleanup: Cleanup | undefined
  // A reader that goes away must not crash the program; its output is dropped.
  for (const stream of [program.stdout, program.stderr]) stream.on('error', () => undefined)
  setOwnUserId(program.geteuid?.())
  setOwnCommand(() => ownCall(program))
  try {
    const invocation = readCommandLine(program.argv.slice(2))
    const context = contextOf(program, invocation, warn, reporting)
    cleanup = context.cleanup
    const done = commandCode[invocation.command](context)
    const interrupted = context.shutdown.requested.then(({ code }) => code)
    program.exitCode = await (answersEnd(invocation) ? done : Promise.race([done, interrupted]))
  } catch (error) {
    const isExpected = error instanceof SettingsError
    program.exitCode = isExpected ? 2 : 1
    if (isExpected) warn(reporting.redact(error.message))
    else reporting.report(error)
  } finally {
    setTimeout(() => program.exit(), closeMs).unref()
    await cleanup?.run()
  }
}
