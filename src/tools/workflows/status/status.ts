import type { Settings } from '../../../config/settings.ts'
import { operations } from '../../../operations/index.ts'
import { getVersion } from '../../../operations/saq/version.ts'
import { clockNote } from '../../../session/http/clock-skew.ts'
import type { HostTraffic } from '../../../session/http/host.ts'
import type { LinkState } from '../../../session/session.ts'
import { QualysError } from '../../../shared/errors.ts'
import { ExportFolder } from '../../exports/folder.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Running, Tool } from '../../tool.ts'
import { saqVersion } from './saq-version.ts'

function userOf({ account: { credentials } }: LinkState): string {
  switch (credentials.kind) {
    case 'password':
      return credentials.username
    case 'client':
      return `client ${credentials.clientId}`
    case 'tokenFile':
      return 'token file'
  }
}

function limitsText({ callsLeft, callsPerWindow, windowSeconds, atOnce }: HostTraffic): string {
  const window = callsPerWindow === undefined ? '' : ` of ${callsPerWindow}`
  const said = [
    ...(callsLeft === undefined
      ? []
      : [`${callsLeft} calls left${window}${windowSeconds === undefined ? '' : ` per ${windowSeconds} s`}`]),
    ...(atOnce === undefined ? [] : [`${atOnce} at once`]),
  ]
  return said.join(', ') || 'Qualys has told none so far'
}

/** The state of SAQ, which has its own host and login. */
async function saqFields({ session, signal, products }: Running): Promise<Record<string, unknown>> {
  if (!products.has('saq')) return {}
  try {
    return {
      saq: `ok, version ${await saqVersion(session, signal)}`,
      saqUser: await session.identity(getVersion),
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof QualysError)) throw error
    return { saq: `failed: ${error.message} ${error.next}` }
  }
}

async function loginFields({ session, signal, products }: Running): Promise<Record<string, unknown>> {
  if (!products.has('car')) return {}
  try {
    const state = await session.state(signal)
    return {
      login: `ok${state.minutesLeft === undefined ? '' : `, token renewed in ${state.minutesLeft} min`}`,
      user: userOf(state),
      platform: state.account.platform,
      gateway: state.account.gatewayUrl,
      apiServer: state.account.apiUrl,
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof QualysError)) throw error
    return { login: `failed: ${error.message} ${error.next}` }
  }
}

/** The limits that each host reported at the login and at the version call. */
async function trafficFields({
  session,
  products,
  configuration,
}: Running): Promise<Record<string, unknown>> {
  try {
    const { gateway, apiServer } = await session.traffic()
    // The sandbox has its own time.
    const told = configuration.settings.sandbox ? undefined : (gateway.clockSkew ?? apiServer.clockSkew)
    const clock = clockNote(told)
    return {
      ...(products.has('car') && { limits: limitsText(gateway), requestsAtOnce: gateway.width }),
      ...(products.has('saq') && { saqLimits: limitsText(apiServer), saqRequestsAtOnce: apiServer.width }),
      ...(clock !== undefined && { clock }),
    }
  } catch (error) {
    // No account is set; the login has reported that.
    if (!(error instanceof QualysError)) throw error
    return {}
  }
}

/** The API versions in use, from the routes: `v2 jobs/search`, grouped by version. */
function versions(): string {
  const byVersion = new Map<string, Set<string>>()
  for (const { route } of operations.filter(({ name }) => name.startsWith('car_'))) {
    const [, version = '', object = ''] = /\/sm\/(v\d+)\/([\w-]+)/.exec(route) ?? []
    byVersion.set(version, (byVersion.get(version) ?? new Set()).add(object))
  }
  return [...byVersion].map(([version, objects]) => `${version}: ${[...objects].join(', ')}`).join('; ')
}

function retired(): string {
  return operations
    .flatMap(({ name, retired = [] }) =>
      retired.map(({ route, endOfLife }) => `${route} (${endOfLife}, now ${name})`),
    )
    .join(', ')
}

function withheldText({ withheld }: Running): string {
  const bySetting = new Map<string, string[]>()
  for (const [name, by] of withheld) bySetting.set(by, [...(bySetting.get(by) ?? []), name])
  return [...bySetting].map(([by, names]) => `${by}: ${names.join(', ')}`).join('; ') || 'nothing'
}

/** The operator's limits, which apply whatever a person approves. */
function limitFields({
  mode,
  maxAssetsPerRun,
  maxBulk,
  allowedScripts,
  allowedTags,
  blockedTags,
  auditFile,
}: Settings) {
  if (mode === 'read-only') return {}
  return {
    hostsPerRun: `at most ${maxAssetsPerRun}`,
    objectsPerBulkCall: `at most ${maxBulk}`,
    ...(allowedScripts && { allowedScripts: [...allowedScripts.keys()].join(', ') }),
    ...(allowedTags && { allowedTags: allowedTags.join(', ') }),
    ...(blockedTags && { blockedTags: blockedTags.join(', ') }),
    auditLog: auditFile === undefined ? 'none' : 'on',
  }
}

/**
 * The status tool: account, platform, login, versions, limits, mode, and what is withheld by which setting.
 */
export const status: Tool = {
  name: 'qualys_status',
  title: 'Status of this server',
  description:
    'Whether the Qualys login works, and account, platform, mode, API versions, limits left and tools withheld by settings.',
  effect: 'read',
  input: {},
  run: async (_args, running): Promise<Reply> => {
    const { settings, unknown } = running.configuration
    const row = {
      ...(await loginFields(running)),
      ...(await saqFields(running)),
      ...(await trafficFields(running)),
      mode: settings.mode,
      ...(settings.mode === 'confirm' && { asksAPersonBefore: settings.confirm.join(', ') }),
      ...limitFields(settings),
      unverifiedTools: settings.unverified,
      ...(!running.withheld.has('qualys_export') && { exports: new ExportFolder(settings).path }),
      withheld: withheldText(running),
      carVersions: versions(),
      retiredByQualys: retired(),
      ...(unknown.length > 0 && { unknownVariables: unknown.join(', ') }),
    }
    return {
      summary: 'status of qualys-mcp',
      body: Object.entries(row)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
      rows: [row],
    }
  },
}
