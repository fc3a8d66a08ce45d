import { limitText } from '../config/limits/limit-text.ts'
import { requireStopFolder } from '../config/limits/stop-folder.ts'
import { secretPath } from '../config/paths.ts'
import { entriesOf } from '../config/secret-bindings.ts'
import { type Configuration, readSettings, type SettingName } from '../config/settings.ts'
import { specs } from '../config/specs.ts'
import { stateDirOf } from '../config/state-dir.ts'
import { searchJobs } from '../operations/car/runs.ts'
import { getVersion } from '../operations/saq/version.ts'
import type { Session } from '../session/session.ts'
import { QualysError, SettingsError } from '../shared/errors.ts'
import { formatNumber } from '../shared/format.ts'
import { Secret } from '../shared/secrets.ts'
import { budgetPath, budgetPlace } from '../tools/effects/budgets/budget-place.ts'
import { allBudgetsLeft } from '../tools/effects/budgets/state.ts'
import { unmatchedEntries } from '../tools/effects/policy/limits/unmatched-entries.ts'
import { catalogueOf } from '../tools/server/catalogue.ts'
import { saqVersion } from '../tools/workflows/status/saq-version.ts'
import type { Command, CommandContext } from './context.ts'
import { secretsFor, sessionOpener } from './setup/session.ts'

/** A setting in printable form: of a secret, and of the path of its file, only that it is set. */
function settingText(name: SettingName, { settings }: Configuration): string {
  const value = settings[name]
  if (specs[name].schema === secretPath) return '[path of a secret]'
  if (typeof value !== 'object' || value instanceof Secret) return String(value)
  const text = limitText(value, ',')
  if (text !== undefined) return text
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

/** The secrets that tools may name, and where each may go; never a value. */
function secretLines({ settings: { secrets, secretBindings } }: Configuration): string[] {
  return [...secrets.keys()].map((variable) => {
    const binding = secretBindings.get(variable)
    return binding
      ? `  ${variable} is set, for ${entriesOf(binding).join(',')}  (${variable}_FOR)`
      : `  ${variable} is set, and bound to nothing: mode unattended does not use it  (${variable}_FOR is not set)`
  })
}

/** Runs one check and prints its line, which says of a failure what happened and what to do. */
async function check(
  print: (line: string) => void,
  title: string,
  work: () => Promise<string>,
): Promise<boolean> {
  try {
    print(`ok    ${title}: ${await work()}`)
    return true
  } catch (error) {
    if (!(error instanceof QualysError)) throw error
    print(`FAIL  ${title}: ${error.message}\n      ${error.next}`)
    return false
  }
}

async function loginText(session: Session): Promise<string> {
  const { account, minutesLeft } = await session.state()
  const life = minutesLeft === undefined ? '' : `, token renewed in ${minutesLeft} min`
  const place = account.gatewayUrl === undefined ? '' : ` at ${account.gatewayUrl}`
  return `${account.sandbox ? 'sandbox' : account.platform}${place}${life}`
}

async function firstReadText(session: Session): Promise<string> {
  const answer = await session.call(searchJobs, { pageSize: 1 })
  const total = answer.kind === 'page' ? answer.total : undefined
  return `${searchJobs.route} answers${total === undefined ? '' : `, ${formatNumber(total)} runs`}`
}

/** Prints what the limits name and nothing at Qualys bears: such an entry allows or guards nothing. */
async function printUnmatched(
  session: Session,
  { settings }: Configuration,
  print: (line: string) => void,
): Promise<void> {
  const { signal } = new AbortController()
  for (const clause of await unmatchedEntries(settings, { session, signal })) print(`warn  limits: ${clause}`)
}

/** Prints the settings and their origin, and for each product whether login and calls work. */
export async function doctor(
  session: Session,
  configuration: Configuration,
  print: (line: string) => void,
): Promise<boolean> {
  const lines = [...settingLines(configuration), ...secretLines(configuration)]
  print(lines.length > 0 ? 'Settings that are not defaults:' : 'Settings: all defaults')
  for (const line of lines) print(line)
  for (const what of configuration.normalized) print(`  normalized: ${what}`)
  for (const name of configuration.unknown) print(`  ${name} is no setting of qualys-mcp and does nothing`)
  const { settings } = configuration
  const { products } = catalogueOf(settings)
  const hasCar = products.has('car')
  const isCarFine =
    !hasCar ||
    ((await check(print, 'login', () => loginText(session))) &&
      (await check(print, 'first CAR read', () => firstReadText(session))))
  if (hasCar && isCarFine) await printUnmatched(session, configuration, print)
  const isSaqFine =
    !products.has('saq') ||
    (await check(
      print,
      'SAQ version',
      async () => `${await saqVersion(session)} (${await session.identity(getVersion)})`,
    ))
  const path = budgetPath(settings, stateDirOf(settings))
  const areBudgetsFine =
    path === undefined ||
    (await check(
      print,
      'budgets',
      async () =>
        `${await allBudgetsLeft(session, products, { settings, stateDir: stateDirOf(settings) })}; ${budgetPlace(path)}`,
    ))
  if (!isSaqFine && hasCar) print('      Without SAQ: QUALYS_TOOLSETS=car leaves its tools out.')
  return isCarFine && isSaqFine && areBudgetsFine
}

/** Checks the approval page, where people may approve on it. */
async function checkPage(
  context: CommandContext,
  { settings }: Configuration,
  print: (line: string) => void,
): Promise<boolean> {
  const { mode, approveBy, passkeyFor } = settings
  const isUsed = passkeyFor !== undefined || (mode === 'confirm' && approveBy?.includes('page') !== false)
  if (!isUsed) return true
  const { pageText } = await import('./approval/doctor-page.ts')
  return check(print, 'approval page', () => pageText(context, settings))
}

async function compareRecording({ invocation, print }: CommandContext): Promise<number> {
  const { compare: file, record } = invocation.flags
  if (record !== undefined) throw new SettingsError('Pass --record or --compare, one after the other.')
  const { compare } = await import('./probe/compare.ts')
  return compare(String(file), print) ? 0 : 1
}

/** `qualys-mcp doctor [--record FILE | --compare FILE | --http URL]`: exit code 1 if something does not work. */
export const doctorCommand: Command = async (context) => {
  const { invocation, environment, print, shutdown, cleanup } = context
  const { flags } = invocation
  if (flags['compare'] !== undefined) return compareRecording(context)
  const configuration = readSettings(invocation.settings, environment)
  if (flags['http'] !== undefined) {
    const { checkService } = await import('./service/doctor-http.ts')
    return (await checkService(String(flags['http']), configuration.settings, print)) ? 0 : 1
  }
  // The doctor refuses the settings that the server refuses.
  catalogueOf(configuration.settings)
  requireStopFolder(configuration.settings.stopFile)
  const secrets = secretsFor(configuration, context)
  const session = await sessionOpener(configuration, context, secrets)()
  const printRedacted = (line: string): void => print(secrets.redact(line))
  if (flags['record'] === undefined) {
    const isFine = await doctor(session, configuration, printRedacted)
    return (await checkPage(context, configuration, printRedacted)) && isFine ? 0 : 1
  }
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
