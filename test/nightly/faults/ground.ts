import { randomBytes } from 'node:crypto'
import { executeScript } from '../../../src/operations/car/execution.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { openChannel } from '../../../src/tools/server/in-process-client.ts'
import { toolBy } from '../../../src/tools/server/operation-tool.ts'
import { toolbox } from '../../../src/tools/server/tool-registry.ts'
import { partsOf } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { environmentFor } from '../../support/environment.ts'
import { everything } from '../../support/every-call.ts'
import { leakSearch } from '../../support/leak-search.ts'
import { leastArguments } from '../../support/operations/least.ts'
import { type Control, openSandbox, type Seen } from '../../support/sandbox.ts'
import { Clock } from '../../support/workflows/clock.ts'
import type { FaultRow } from './rows.ts'

export type OpenSandbox = Awaited<ReturnType<typeof openSandbox>>

/** Secrets that occur nowhere by chance. One is a header, which takes no odd letters. */
const password = canary('password')
const clientSecret = `canary-client-${randomBytes(6).toString('hex')}`
const named = canary('named')

/** Everything that must not be told, as somebody who has it all would quote it. */
export const quoted = `${password} ${clientSecret} ${named} Basic ${Buffer.from(`sandbox_ab1:${password}`).toString('base64')}`

export const findLeaks = leakSearch([password, clientSecret, named])

/** A sandbox with little in it, whose runs can be found at once. */
export async function freshSandbox(): Promise<OpenSandbox> {
  const sandbox = await openSandbox({ jobs: 200, assets: 60, keys: { password, clientSecret } })
  await sandbox.control.knobs({ jobDelayMs: 0 })
  return sandbox
}

/** Which login of the gateway is used. */
export type Door = 'password' | 'client'

/** After an execution whose answer is lost, a run is looked for for up to a minute, which passes at once here. */
const quickTools = new Map(toolbox).set(executeScript.name, toolBy(new Clock(), executeScript))

/** What a program gets of one call. */
export interface Told {
  readonly isError: boolean
  /** Of an error; undefined for one that the server did not expect. */
  readonly kind: string | undefined
  readonly rows: readonly Record<string, unknown>[]
  readonly text: string
  /** Everything that left the server, the log included. */
  readonly left: string
}

/** One call over the protocol, to a server of its own that has not logged in yet. */
export async function callOn(
  sandbox: OpenSandbox,
  door: Door,
  { patience = 3, hurried }: Pick<FaultRow, 'patience' | 'hurried'>,
  tool: string,
  args: object,
): Promise<Told> {
  // Two seconds: a machine that runs other things, too, may take one to answer.
  const seconds = hurried ? '2' : '20'
  const { options, log, close } = partsOf(
    environmentFor(sandbox, {
      ...everything,
      QUALYS_REPLY: 'json',
      QUALYS_SECRET_NAMED: named,
      QUALYS_MAX_WAIT_SECONDS: String(patience),
      QUALYS_HEADERS_TIMEOUT_SECONDS: seconds,
      QUALYS_BODY_TIMEOUT_SECONDS: seconds,
      ...(door === 'client' && { QUALYS_CLIENT_ID: sandbox.clientId, QUALYS_CLIENT_SECRET: clientSecret }),
    }),
  )
  const channel = await openChannel({ ...options, toolbox: async () => quickTools })
  const raw = await channel
    .request('tools/call', { name: tool, arguments: args })
    .finally(() => channel.close().then(close))
  const error = (raw['_meta'] as Record<string, { kind?: string }> | undefined)?.['qualys-mcp/error']
  const structured = raw['structuredContent'] as { rows?: Record<string, unknown>[] } | undefined
  return {
    isError: raw['isError'] === true,
    kind: error?.kind,
    rows: structured?.rows ?? [],
    text: (raw['content'] as { text?: string }[]).map(({ text = '' }) => text).join('\n'),
    left: `${JSON.stringify(raw)}\n${log.join('\n')}`,
  }
}

/**
 * What every operation is called with: all fields of few rows, so that rows can be compared and none is cut off; on
 * objects that it changes; by the route that it declares, where there are two.
 */
export async function callsOn(control: Control): Promise<ReadonlyMap<string, object>> {
  const [least, blocked, tags, blockedTags] = await Promise.all([
    leastArguments(control),
    control.truth('blocked-assets'),
    control.truth('tags'),
    control.truth('blocked-tags'),
  ])
  const taken = blockedTags.map(({ tagId }) => tagId)
  const own: Readonly<Record<string, object>> = {
    car_unblock_assets: { ids: [blocked[0]?.['id']] },
    car_block_tags: { ids: [tags.find(({ tagId }) => !taken.includes(tagId))?.['tagId']] },
    car_unblock_tags: { ids: [taken[0]] },
    saq_update_user: { userId: 401990, title: 'Fault finder' },
    saq_count_templates: { nameContains: 'a' },
    saq_count_campaigns: { nameContains: 'a' },
    saq_count_questionnaires: { campaignId: [640002] },
    saq_count_users: { companyContains: 'a' },
  }
  const whole = { pageSize: 5, fields: ['*'] }
  return new Map(
    operations.map(({ name, returns }) => [
      name,
      { ...least[name], ...own[name], ...(returns === 'rows' && whole) },
    ]),
  )
}

/** The requests at the route of an operation, or at any other. */
export function requestsAt(route: string, seen: readonly Seen[]): readonly Seen[] {
  const [method, path = ''] = route.split(' ')
  const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`)
  return seen.filter((request) => request.method === method && pattern.test(request.path))
}

export const operationCalled = (name: string): Operation => {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`no operation is called ${name}`)
  return found
}
