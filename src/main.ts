#!/usr/bin/env node
import packageJson from '../package.json' with { type: 'json' }
import type { Terminal } from './cli/approve.ts'
import { callText, checkTool, readArguments } from './cli/call.ts'
import { helpText, type Invocation, readCommandLine } from './cli/command-line.ts'
import { atMost, type Ending, endingOf, orphaned, type Told } from './cli/shutdown.ts'
import { type Configuration, readSettings } from './config/settings.ts'
import { stateDirOf } from './config/state-dir.ts'
import type { Account } from './session/auth/account.ts'
import { accountOf } from './session/auth/account.ts'
import { openSession, type Session } from './session/session.ts'
import { SettingsError } from './shared/errors.ts'
import { cutShort } from './shared/interruption.ts'
import { factsOf, type Log, openLog } from './shared/log.ts'
import { runBy } from './shared/own-user.ts'
import { type Redact, redactor, Secret, shortest } from './shared/secrets.ts'
import { safeguardsOf } from './tools/effects/safeguards.ts'
import { catalogueOf } from './tools/server/catalogue.ts'
import type { ServerOptions } from './tools/server/server.ts'
import type { Tool } from './tools/tool.ts'

const print = (line: string): void => {
  process.stdout.write(`${line}\n`)
}
const complain = (line: string): void => {
  process.stderr.write(`qualys-mcp: ${line}\n`)
}

/** Shutdown: running calls get 4 s to finish, open resources 1 s to close; 5 s in all (README). */
const finishMs = 4_000
const closeMs = 1_000
/** Bytes of unread log output that are kept: a client that does not read stderr must not fill the memory. */
const mostUnread = 1024 * 1024

/** What must be closed before the program ends; the last one is closed first. */
const open: (() => Promise<void>)[] = []

/** True while `call` waits for its answer. */
let calling = false

/** Replaced by the session's redactor once the secrets are known. */
let redact: Redact = redactor([])

/** Reports an unexpected error with its stack. */
let report = (error: unknown): void => {
  complain(redact(error instanceof Error ? (error.stack ?? error.message) : String(error)))
}

function logLine(line: string): void {
  if (process.stderr.writableLength < mostUnread) process.stderr.write(line)
}

async function stdinText(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** The account of the embedded sandbox, which starts at the first call that needs it. */
async function sandboxAccount(): Promise<Account> {
  const { startSandbox } = await import('./sandbox/sandbox.ts')
  const { gatewayUrl, apiUrl, username, password, close } = await startSandbox()
  open.unshift(close)
  return {
    platform: 'sandbox',
    gatewayUrl,
    apiUrl,
    credentials: { kind: 'password', username, password: new Secret(password) },
    sandbox: true,
  }
}

function sessionFor({ settings }: Configuration, log?: Log): Session {
  const session = openSession(
    settings,
    async () => (settings.sandbox ? sandboxAccount() : accountOf(settings)),
    log,
  )
  open.push(() => session.close())
  return session
}

function wholeNumber(
  flag: string,
  text: string | true | undefined,
  fallback: number,
  min: number,
  max: number,
): number {
  const number = text === undefined ? fallback : /^\d{1,9}$/.test(String(text)) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new SettingsError(`${flag} must be a whole number from ${min} to ${max}.`)
}

async function runSandbox({ flags }: Invocation, { told }: Ending): Promise<number> {
  const evidence = flags['evidence'] ?? 'all'
  if (evidence !== 'all' && evidence !== 'documented')
    throw new SettingsError('--evidence must be all or documented.')
  const port = wholeNumber('--port', flags['port'], 8480, 0, 65_535)
  const { startSandbox } = await import('./sandbox/sandbox.ts')
  try {
    const { gatewayUrl, apiUrl, username, password, close } = await startSandbox({
      port,
      jobs: wholeNumber('--jobs', flags['jobs'], 15_000, 81, 1_000_000),
      seed: wholeNumber('--seed', flags['seed'], 1, 0, 999_999_999),
      evidence,
    })
    open.push(close)
    print(JSON.stringify({ gatewayUrl, apiUrl, username, password }))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    throw new SettingsError(
      `Port ${port} is in use: stop what listens there, or pass another one, e.g. --port ${port + 1}.`,
    )
  }
  const { broken } = await told
  return broken ? 1 : 0
}

/** The terminal of the person who runs the command. */
function terminal(): Terminal {
  return {
    isTTY: process.stdin.isTTY === true && process.stdout.isTTY === true,
    print,
    ask: async (question) => {
      const { createInterface } = await import('node:readline/promises')
      const lines = createInterface({ input: process.stdin, output: process.stdout })
      try {
        return await lines.question(question)
      } catch {
        // Ctrl-C and Ctrl-D do not approve.
        print('')
        return ''
      } finally {
        lines.close()
      }
    },
  }
}

async function runApprove({ operands: [code] }: Invocation, { settings }: Configuration): Promise<number> {
  if (code === undefined)
    throw new SettingsError('Name the code that the refused call gave: qualys-mcp approve CODE.')
  const { approve } = await import('./cli/approve.ts')
  return (await approve(stateDirOf(settings), code, terminal())) ? 0 : 1
}

async function runAudit({ operands: [word, file] }: Invocation): Promise<number> {
  if (word !== 'verify' || file === undefined)
    throw new SettingsError('Name the log to check: qualys-mcp audit verify FILE.')
  const { verifyAudit } = await import('./cli/audit.ts')
  const { lines, ok } = await verifyAudit(file)
  for (const line of lines) print(line)
  return ok ? 0 : 1
}

/** Serves a client. After a disconnect or a signal, running calls may finish; a second signal ends them. */
async function runServer(options: ServerOptions, ending: Ending): Promise<number> {
  const { log, listings, configuration } = options
  const { mode, sandbox } = configuration.settings
  const { serve } = await import('./tools/server/stdio.ts')
  const { hungUp, drain, close } = serve(options, process.stdin, process.stdout)
  open.push(close)
  log.info({ version: packageJson.version, mode, sandbox, tools: listings.length }, 'started')
  const gone = Promise.race([hungUp, orphaned(process)]).then((reason): Told => ({ reason, code: 0 }))
  const first = await Promise.race([gone, ending.told])
  log.info({ reason: first.reason }, 'ending')
  if (first.broken) return 1
  const again = first.code === 0 ? ending.told : ending.toldAgain
  const second = await atMost(finishMs, Promise.race([drain(), again]))
  return second?.broken ? 1 : 0
}

async function runWithServer(
  invocation: Invocation,
  configuration: Configuration,
  ending: Ending,
): Promise<number> {
  const { command, operands, flags } = invocation
  const { settings, unknown, weak } = configuration
  const serving = command === 'stdio'
  const catalogue = catalogueOf(settings)
  // A command reports its end itself.
  const quiet = !serving && configuration.origins.logLevel === 'default'
  const log = openLog(quiet ? 'warn' : settings.logLevel, (text) => session.redact(text), logLine)
  open.push(log.close)
  const session = sessionFor(configuration, log)
  redact = session.redact
  if (serving) report = (error) => log.error(factsOf(error), 'unexpected')
  const warn = serving ? (line: string) => log.warn({}, line) : complain
  for (const name of unknown) warn(`${name} is no setting of this program and does nothing`)
  for (const name of weak)
    warn(
      `${name} holds a secret of less than ${shortest} characters, which is not taken out of texts by its value`,
    )
  const safeguards = safeguardsOf(configuration.settings, session.redact)
  // Closed last: calls that the shutdown interrupts are logged too, however the program ends.
  process.once('exit', () => safeguards.audit?.close())
  const toolbox = async (): Promise<ReadonlyMap<string, Tool>> =>
    (await import('./tools/server/tool-registry.ts')).toolbox
  const options: ServerOptions = { ...catalogue, toolbox, session, configuration, safeguards, log }
  if (serving) return runServer(options, ending)
  const { openChannel } = await import('./tools/server/in-process-client.ts')
  const json = flags['json'] === true
  if (command === 'tools') {
    const { toolsText } = await import('./cli/tools.ts')
    print(await toolsText(await openChannel(options), json))
    return 0
  }
  const [name, text] = operands
  if (name === undefined)
    throw new SettingsError(
      'Name the tool to call: qualys-mcp call TOOL [JSON|-]; `qualys-mcp tools` lists them.',
    )
  checkTool(name, catalogue)
  const args = readArguments(text === '-' ? await stdinText() : text)
  const channel = await openChannel(options, (done, total, news) =>
    complain(news ?? `${done} of ${total ?? 'unknown'}`),
  )
  open.push(channel.close)
  calling = true
  const { text: answer, failed } = await callText(channel, name, args, json)
  calling = false
  print(answer)
  return failed ? 1 : 0
}

async function runCompare({ flags: { compare: file, record } }: Invocation): Promise<number> {
  if (record !== undefined) throw new SettingsError('Pass --record or --compare, one after the other.')
  const { compare } = await import('./cli/probe/compare.ts')
  return compare(String(file), print) ? 0 : 1
}

async function runDoctor(
  { flags }: Invocation,
  configuration: Configuration,
  ending: Ending,
): Promise<number> {
  // The doctor refuses the settings that the server refuses.
  catalogueOf(configuration.settings)
  const session = sessionFor(configuration)
  redact = session.redact
  const say = (line: string): void => print(session.redact(line))
  if (flags['record'] === undefined) {
    const { doctor } = await import('./cli/doctor.ts')
    return (await doctor(session, configuration, say)) ? 0 : 1
  }
  const { record } = await import('./cli/probe/record.ts')
  const stop = new AbortController()
  void ending.told.then(() => stop.abort())
  const recorded = record(String(flags['record']), session, configuration, {
    signal: stop.signal,
    print: say,
  })
  // Answers received so far are still written.
  open.push(() => recorded.then(() => undefined))
  return (await recorded) ? 0 : 1
}

async function run(invocation: Invocation, ending: Ending): Promise<number> {
  const { command, settings } = invocation
  if (command === 'help') print(helpText())
  else if (command === 'version') print(packageJson.version)
  else if (command === 'sandbox') return runSandbox(invocation, ending)
  else if (command === 'audit') return runAudit(invocation)
  else if (command === 'doctor' && invocation.flags['compare'] !== undefined) return runCompare(invocation)
  else {
    const configuration = readSettings(settings, process.env)
    if (command === 'approve') return runApprove(invocation, configuration)
    if (command !== 'doctor') return runWithServer(invocation, configuration, ending)
    return runDoctor(invocation, configuration, ending)
  }
  return 0
}

async function main(): Promise<void> {
  // A reader that goes away must not crash the program; its output is dropped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  runBy(process.geteuid?.())
  try {
    const invocation = readCommandLine(process.argv.slice(2))
    const { command } = invocation
    // A sandbox in the background outlives its terminal, as with `nohup`.
    const hangup = command === 'sandbox' ? [] : (['SIGHUP'] as const)
    const ending = endingOf(process, ['SIGINT', 'SIGTERM', ...hangup], (error) => report(error))
    const done = run(invocation, ending)
    const serves = command === 'stdio' || command === 'sandbox'
    const told = ending.told.then(({ code }) => {
      if (calling) complain(cutShort)
      return code
    })
    process.exitCode = await (serves ? done : Promise.race([done, told]))
  } catch (error) {
    const expected = error instanceof SettingsError
    process.exitCode = expected ? 2 : 1
    if (expected) complain(redact(error.message))
    else report(error)
  } finally {
    setTimeout(() => process.exit(), closeMs).unref()
    for (let close = open.pop(); close; close = open.pop()) await close().catch(() => undefined)
  }
}

await main()
