import { searchJobs } from '../operations/car/runs.ts'
import { Secret } from '../secrets.ts'
import { QualysError } from '../session/errors.ts'
import type { Session } from '../session/session.ts'
import { specs } from '../setting-specs.ts'
import type { Configuration, SettingName } from '../settings.ts'

/** A setting as a person may see it: a secret only as being set. */
function shown(name: SettingName, { settings }: Configuration): string {
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
    .map((name) => `  ${specs[name].env} = ${shown(name, configuration)}  (${configuration.origins[name]})`)
}

/** Runs one check; a failure says what happened and what to do. */
async function check(
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

/** `qualys-mcp doctor`: settings and their origin, login, and a first CAR read. Stops at the first failure. */
export async function doctor(
  session: Session,
  configuration: Configuration,
  print: (line: string) => void,
): Promise<boolean> {
  const lines = settingLines(configuration)
  print(lines.length > 0 ? 'Settings that are not defaults:' : 'Settings: all defaults')
  for (const line of lines) print(line)
  for (const name of configuration.unknown) print(`  ${name} is no setting of qualys-mcp and does nothing`)
  const checks: readonly (readonly [string, () => Promise<string>])[] = [
    [
      'login',
      async () => {
        const { account, minutesLeft } = await session.state()
        const life = minutesLeft === undefined ? '' : `, token renewed in ${minutesLeft} min`
        return `${account.sandbox ? 'sandbox' : account.platform} at ${account.gatewayUrl}${life}`
      },
    ],
    [
      'first CAR read',
      async () => {
        const answer = await session.call(searchJobs, { pageSize: 1 })
        const total = answer.kind === 'page' ? answer.total : undefined
        return `${searchJobs.route} answers${total === undefined ? '' : `, ${total.toLocaleString('en')} runs`}`
      },
    ],
  ]
  for (const [title, work] of checks) {
    const { line, ok } = await check(title, work)
    print(line)
    if (!ok) return false
  }
  return true
}
