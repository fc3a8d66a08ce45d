import { limitText } from '../../../config/limits/limit-text.ts'
import { entriesOf } from '../../../config/secret-bindings.ts'
import type { Settings } from '../../../config/settings.ts'
import { operations } from '../../../operations/index.ts'
import { getVersion } from '../../../operations/saq/version.ts'
import type { ConnectionState } from '../../../session/connection.ts'
import { clockNote } from '../../../session/http/clock-skew.ts'
import type { HostLimits } from '../../../session/http/host.ts'
import { secretNameOf } from '../../../session/requests/references.ts'
import { QualysError } from '../../../shared/errors.ts'
import { groupBy } from '../../../shared/group.ts'
import { budgetPath } from '../../effects/budgets/budget-place.ts'
import { allBudgetsLeft, timeLimitFields } from '../../effects/budgets/state.ts'
import { hostLimitOf } from '../../effects/policy/limits/limit-error.ts'
import { unmatchedEntries } from '../../effects/policy/limits/unmatched-entries.ts'
import { ExportFolder } from '../../exports/folder.ts'
import type { Reply } from '../../replies/reply.ts'
import type { Tool, ToolContext } from '../../tool.ts'
import { saqVersion } from './saq-version.ts'

function userOf({ account: { credentials } }: ConnectionState): string {
  switch (credentials.kind) {
    case 'password':
      return credentials.username
    case 'client':
      return `client ${credentials.clientId}`
    case 'tokenFile':
      return 'token file'
  }
}

function limitsText({ callsLeft, callsPerWindow, windowSeconds, maxConcurrent }: HostLimits): string {
  const window = callsPerWindow === undefined ? '' : ` of ${callsPerWindow}`
  const parts = [
    ...(callsLeft === undefined
      ? []
      : [`${callsLeft} calls left${window}${windowSeconds === undefined ? '' : ` per ${windowSeconds} s`}`]),
    ...(maxConcurrent === undefined ? [] : [`${maxConcurrent} at once`]),
  ]
  return parts.join(', ') || 'Qualys has told none so far'
}

type Fields = Readonly<Record<string, unknown>>

/** The fields of a product; if it fails, its first field says why. */
async function orFailure(field: string, signal: AbortSignal, fields: () => Promise<Fields>): Promise<Fields> {
  try {
    return await fields()
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof QualysError)) throw error
    return { [field]: `failed: ${error.message} ${error.next}` }
  }
}

/** The state of SAQ, which has a host and a login of its own. */
async function saqFields({ session, signal }: ToolContext): Promise<Fields> {
  return {
    saq: `ok, version ${await saqVersion(session, signal)}`,
    saqUser: await session.identity(getVersion),
  }
}

async function loginFields({ session, signal }: ToolContext): Promise<Fields> {
  const state = await session.state(signal)
  return {
    login: `ok${state.minutesLeft === undefined ? '' : `, token renewed in ${state.minutesLeft} min`}`,
    user: userOf(state),
    platform: state.account.platform,
    ...(state.account.gatewayUrl && { gateway: state.account.gatewayUrl }),
    ...(state.account.apiUrl && { apiServer: state.account.apiUrl }),
  }
}

/** The limits that each host reported at the login and at the version call. */
async function trafficFields({ session, products, configuration }: ToolContext): Promise<Fields> {
  try {
    const { gateway, apiServer } = await session.limits()
    // The sandbox has its own time.
    const clockSkew = configuration.settings.sandbox
      ? undefined
      : (gateway?.clockSkew ?? apiServer?.clockSkew)
    const clock = clockNote(clockSkew)
    return {
      ...(products.has('car') &&
        gateway && { limits: limitsText(gateway), requestsAtOnce: gateway.concurrency }),
      ...(products.has('saq') &&
        apiServer && {
          saqLimits: limitsText(apiServer),
          saqRequestsAtOnce: apiServer.concurrency,
        }),
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
  const objects = operations.flatMap(({ route }) => {
    const [, version, object] = /\/sm\/(v\d+)\/([\w-]+)/.exec(route) ?? []
    return version === undefined ? [] : [{ version, object }]
  })
  return [...groupBy(objects, ({ version }) => version)]
    .map(([version, own]) => `${version}: ${[...new Set(own.map(({ object }) => object))].join(', ')}`)
    .join('; ')
}

function retired(): string {
  return operations
    .flatMap(({ name, retired = [] }) =>
      retired.map(({ route, endOfLife }) => `${route} (${endOfLife}, now ${name})`),
    )
    .join(', ')
}

function withheldText({ withheldTools }: ToolContext): string {
  const bySetting = [...groupBy(withheldTools, ([, setting]) => setting)]
  return (
    bySetting.map(([setting, tools]) => `${setting}: ${tools.map(([name]) => name).join(', ')}`).join('; ') ||
    'nothing'
  )
}

const atMost = (number: number | undefined): string | undefined =>
  number === undefined ? undefined : `at most ${number}`

/** The secrets that an argument may name, and where each may go; never a value. */
function secretsText({ mode, secrets, secretBindings }: Settings): string | undefined {
  const unbound =
    mode === 'unattended' ? 'nothing, since it is bound to nothing' : 'any host or script, if a person agrees'
  const texts = [...secrets.keys()].map((variable) => {
    const binding = secretBindings.get(variable)
    return `${secretNameOf(variable)} for ${binding ? entriesOf(binding).join(', ') : unbound}`
  })
  return texts.length > 0 ? texts.join('; ') : undefined
}

/** The operator's limits that are set. They apply even if a person approves more. */
function limitFields(context: ToolContext): Fields {
  const { settings } = context.configuration
  const { mode, allowedScripts, auditFile } = settings
  if (mode === 'read-only') return {}
  const fields = {
    hostsPerRun: atMost(hostLimitOf(context).max),
    hostsPerRollout: atMost(settings.maxAssetsPerPlan),
    objectsPerBulkCall: atMost(settings.maxBulk),
    hostsPerDay: atMost(settings.maxHostsPerDay),
    runsPerHour: atMost(settings.maxRunsPerHour),
    mailsPerDay: atMost(settings.maxMailsPerDay),
    allowedScripts: allowedScripts && limitText([...allowedScripts.keys()]),
    blockedScripts: settings.blockedScripts && limitText(settings.blockedScripts),
    allowedParameters: settings.allowedParameters && limitText(settings.allowedParameters),
    allowedHosts: settings.allowedAssets && limitText(settings.allowedAssets),
    blockedHosts: settings.blockedAssets && limitText(settings.blockedAssets),
    allowedTags: settings.allowedTags && limitText(settings.allowedTags),
    blockedTags: settings.blockedTags && limitText(settings.blockedTags),
    runByTag: settings.runByTag === 'tag' ? 'sent as the tag' : undefined,
    repositoryHosts: settings.repositoryHosts && limitText(settings.repositoryHosts),
    forbidden: settings.forbid && limitText(settings.forbid),
    secrets: secretsText(settings),
  }
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== undefined)),
    ...timeLimitFields(settings),
    auditLog: auditFile === undefined ? 'none' : 'on',
  }
}

/** Who calls, where that is not everybody who can start this program. */
function callerFields({ caller: { named, tags } }: ToolContext): Fields {
  if (!named) return {}
  return {
    caller: `${named.name} (${named.person}, known by ${named.knownBy === 'issuer' ? 'its issuer' : `the ${named.knownBy}`})`,
    ...(tags && { tagsOfCaller: limitText(tags) }),
  }
}

/** What is left of the budgets, if any is set. */
async function budgetFields(context: ToolContext): Promise<Fields> {
  const { settings } = context.configuration
  const { stateDir } = context.safeguards
  const { named, id } = context.caller
  if (settings.mode === 'read-only' || budgetPath(settings, stateDir) === undefined) return {}
  return orFailure('budgets', context.signal, async () => ({
    budgets: await allBudgetsLeft(
      context.session,
      context.products,
      { settings, stateDir },
      // Over stdio there are no others.
      named && id,
    ),
  }))
}

/** What the limits name and nothing at Qualys bears, if the login works. */
async function unmatchedFields(context: ToolContext): Promise<Fields> {
  const { settings } = context.configuration
  if (settings.mode === 'read-only') return {}
  const clauses = await unmatchedEntries(settings, context)
  return clauses.length > 0 ? { unmatchedLimits: clauses.join('; ') } : {}
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
  run: async (_args, context): Promise<Reply> => {
    const { signal, products, configuration } = context
    const { settings, unknown, normalized } = configuration
    const row = {
      ...callerFields(context),
      ...(products.has('car') && (await orFailure('login', signal, () => loginFields(context)))),
      ...(products.has('saq') && (await orFailure('saq', signal, () => saqFields(context)))),
      ...(await trafficFields(context)),
      mode: settings.mode,
      ...(settings.mode === 'confirm' && { asksAPersonBefore: settings.confirm.join(', ') }),
      ...limitFields(context),
      ...(await budgetFields(context)),
      ...(products.has('car') && (await unmatchedFields(context))),
      unverifiedTools: settings.unverified,
      // A folder of the machine of a service says nothing to its callers.
      ...(!context.caller.named &&
        !context.withheldTools.has('qualys_export') && { exports: new ExportFolder(settings).path }),
      withheld: withheldText(context),
      carVersions: versions(),
      retiredByQualys: retired(),
      ...(normalized.length > 0 && { normalized: normalized.join('; ') }),
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
