#!/usr/bin/env node
import { type Invocation, readCommandLine, specOf } from './cli/command-line.ts'
import { commandCode } from './cli/commands.ts'
import { Cleanup, type CommandContext, type Reporting } from './cli/context.ts'
import { listenForShutdown, parentExited } from './cli/shutdown.ts'
import { ownCallOf } from './shared/command/own-call.ts'
import { setOwnCommand } from './shared/command/own-command.ts'
import { SettingsError } from './shared/errors.ts'
import { setOwnUserId } from './shared/own-user.ts'
import { redactor } from './shared/secrets.ts'

/** Open resources get 1 s to close; with the 4 s of running calls it is 5 s in all (README). */
const closeMs = 1_000
/** Bytes of unread log that are kept: a client that does not read stderr must not fill the memory. */
const maxUnreadBytes = 1024 * 1024

const { stdout, stderr } = process
const cleanup = new Cleanup()

const print = (line: string): boolean => stdout.write(`${line}\n`)
const warn = (line: string): boolean => stderr.write(`qualys-mcp: ${line}\n`)

const reporting: { -readonly [Key in keyof Reporting]: Reporting[Key] } = {
  redact: redactor([]),
  report: (error) => {
    warn(reporting.redact(error instanceof Error ? (error.stack ?? error.message) : String(error)))
  },
}

function contextOf(invocation: Invocation): CommandContext {
  const { outlivesTerminal } = specOf(invocation.command) ?? {}
  const signals = ['SIGINT', 'SIGTERM', ...(outlivesTerminal ? [] : (['SIGHUP'] as const))] as const
  return {
    invocation,
    environment: process.env,
    // Opened by the commands that read it.
    get stdin() {
      return process.stdin
    },
    stdout,
    isTerminal: () => process.stdin.isTTY === true && stdout.isTTY === true,
    print,
    warn,
    writeLog: (line) => stderr.writableLength < maxUnreadBytes && stderr.write(line),
    shutdown: listenForShutdown(process, signals, (error) => reporting.report(error)),
    parentExited: () => parentExited(process),
    cleanup,
    onExit: (close) => process.once('exit', close),
    reportBy: (changes) => Object.assign(reporting, changes),
  }
}

function ownCall(): string {
  const { argv, execPath, env, platform } = process
  return ownCallOf({
    script: argv[1] ?? '',
    node: execPath,
    environment: env,
    isWindows: platform === 'win32',
  })
}

async function main(): Promise<void> {
  // A reader that goes away must not crash the program; its output is dropped.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined)
  setOwnUserId(process.geteuid?.())
  setOwnCommand(ownCall)
  try {
    const invocation = readCommandLine(process.argv.slice(2))
    const context = contextOf(invocation)
    const done = commandCode[invocation.command](context)
    const interrupted = context.shutdown.requested.then(({ code }) => code)
    process.exitCode = await (specOf(invocation.command)?.serves ? done : Promise.race([done, interrupted]))
  } catch (error) {
    const isExpected = error instanceof SettingsError
    process.exitCode = isExpected ? 2 : 1
    if (isExpected) warn(reporting.redact(error.message))
    else reporting.report(error)
  } finally {
    setTimeout(() => process.exit(), closeMs).unref()
    await cleanup.run()
  }
}

await main()
