import { type Configuration, readSettings, type SettingName } from '../config/settings.ts'
import { specs } from '../config/specs.ts'
import { searchJobs } from '../operations/car/runs.ts'
import { getVersion } from '../operations/saq/version.ts'
import type { Session } from '../session/session.ts'
import { QualysError, SettingsError } from '../shared/errors.ts'
import { formatNumber } from '../shared/format.ts'
import { Secret } from '../shared/secrets.ts'
import { catalogueOf } from '../tools/server/catalogue.ts'
import { saqVersion } from '../tools/workflows/status/saq-version.ts'
import type { Command, CommandContext } from './context.ts'
import { sessionFor } from './session.ts'

/** A setting in printable form: of a secret, only that it is set. */
function settingText(name: SettingName, { settings }: Configuration): string {
  const value = settings[name]
  if (typeof value !== 'object' || value instanceof Secret) return String(value)
  if (Array.isArray(value)) return value.join(',')
  if (value instanceof Map)
    return [...value].map(([id, pin]) => (pin === undefined ? id : `${id}@${pin}`)).join(',')
  return 'code' in value && 'gatewayUrl' in value
    ? `${value.code} (${value.gatewayUrl}, ${value.apiUrl})`
    : JSON.stringify(value)
}

function settingLines(configuration: Configuration): string[] {
  return (Object.keys(specs) as SettingName[])
    .filter((name) => !['default', 'not set'].includes(configuration.origins[name]))
    .map(
      (name) =>
        `  ${specs[name].env} = ${settingText(name, configuration)}  (${configuration.origins[name]})`,
    )
}

/** Runs one check. The line of a failed check says what happened and what to do. */
async function runCheck(
  title: string,
  work: () => Promise<string>,
): Promise<{ readonly line: string; readonly ok: boolean }> {
  try {
    return { line: `ok    ${title}: ${await work()}`, ok: true }
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    return { line: `FAIL  ${title}: ${error.message}\n      ${error.next}`, ok: false }
  }
}

/** A check, and further checks that are skipped if it fails. */
interface Check {
  readonly title: string
  readonly work: () => Promise<string>
  readonly next?: readonly Check[]
}

function carChecks(session: Session): Check {
  return {
    title: 'login',
    work: async () => {
      const { account, minutesLeft } = await session.state()
      const life = minutesLeft === undefined ? '' : `, token renewed in ${minutesLeft} min`
      return `${account.sandbox ? 'sandbox' : account.platform} at ${account.gatewayUrl}${life}`
    },
    next: [
      {
        title: 'first CAR read',
        work: async () => {
          const answer = await session.call(searchJobs, { pageSize: 1 })
          const total = answer.kind === 'page' ? answer.total : undefined
          return `${searchJobs.route} answers${total === undefined ? '' : `, ${formatNumber(total)} runs`}`
        },
      },
    ],
  }
}

function saqCheck(session: Session): Check {
  return {
    title: 'SAQ version',
    work: async () => `${await saqVersion(session)} (${await session.identity(getVersion)})`,
  }
}

async function runChecks({ title, work, next = [] }: Check, print: (line: string) => void): Promise<boolean> {
  const { line, ok } = await runCheck(title, work)
  print(line)
  if (!ok) return false
  let all = true
  for (const check of next) all = (await runChecks(check, print)) && all
  return all
}

/** Prints the settings and their origin, and for each product whether login and calls work. */
export async function doctor(
  session: Session,
  configuration: Configuration,
  print: (line: string) => void,
): Promise<boolean> {
  const lines = settingLines(configuration)
  print(lines.length > 0 ? 'Settings that are not defaults:' : 'Settings: all defaults')
  for (const line of lines) print(line)
  for (const name of configuration.unknown) print(`  ${name} is no setting of qualys-mcp and does nothing`)
  const { products } = catalogueOf(configuration.settings)
  let all = true
  if (products.has('car')) all = (await runChecks(carChecks(session), print)) && all
  if (products.has('saq')) {
    const ok = await runChecks(saqCheck(session), print)
    if (!ok && products.has('car')) print('      Without SAQ: QUALYS_TOOLSETS=car leaves its tools out.')
    all = ok && all
  }
  return all
}

async function compareRecording({ invocation, print }: CommandContext): Promise<number> {
  const { compare: file, record } = invocation.flags
  if (record !== undefined) throw new SettingsError('Pass --record or --compare, one after the other.')
  const { compare } = await import('./probe/compare.ts')
  return compare(String(file), print) ? 0 : 1
}

/** `qualys-mcp doctor [--record FILE | --compare FILE]`: exit code 1 if something does not work. */
export const doctorCommand: Command = async (context) => {
  const { invocation, environment, print, shutdown, cleanup } = context
  const { flags } = invocation
  if (flags['compare'] !== undefined) return compareRecording(context)
  const configuration = readSettings(invocation.settings, environment)
  // The doctor refuses the settings that the server refuses.
  catalogueOf(configuration.settings)
  const session = sessionFor(configuration, context)
  const printRedacted = (line: string): void => print(session.redact(line))
  if (flags['record'] === undefined) return (await doctor(session, configuration, printRedacted)) ? 0 : 1
  const { record } = await import('./probe/record.ts')
  const stop = new AbortController()
  void shutdown.requested.then(() => stop.abort())
  const recorded = record(String(flags['record']), session, configuration, {
    signal: stop.signal,
    print: printRedacted,
  })
  // Answers received so far are still written.
  cleanup.add(() => recorded)
  return (await recorded) ? 0 : 1
}
