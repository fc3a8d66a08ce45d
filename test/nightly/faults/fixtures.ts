import { randomBytes } from 'node:crypto'
import { executeScript } from '../../../src/operations/car/execution.ts'
import { operations } from '../../../src/operations/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import { operationTool } from '../../../src/tools/server/operation-tool.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { buildServerParts } from '../../support/assistant.ts'
import { canary } from '../../support/canary.ts'
import { environmentFor } from '../../support/environment.ts'
import { leakSearch } from '../../support/leak-search.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { type Control, openSandbox, type SandboxRequest } from '../../support/sandbox.ts'
import { unattendedSettings } from '../../support/tool-calls.ts'
import { FakeClock } from '../../support/workflows/fake-clock.ts'
import type { FaultRow } from './rows.ts'

export type OpenSandbox = Awaited<ReturnType<typeof openSandbox>>

/** Secrets that occur nowhere by chance. One is sent in a header, which allows no special characters. */
const password = canary('password')
const clientSecret = `canary-client-${randomBytes(6).toString('hex')}`
const namedSecret = canary('named')

/** All secrets in one text, as an answer might quote them. */
export const quotedSecrets = `${password} ${clientSecret} ${namedSecret} Basic ${Buffer.from(`sandbox_ab1:${password}`).toString('base64')}`

export const findLeaks = leakSearch([password, clientSecret, namedSecret])

/** A small sandbox whose runs appear at once. */
export async function freshSandbox(): Promise<OpenSandbox> {
  const sandbox = await openSandbox({ jobs: 200, assets: 60, keys: { password, clientSecret } })
  await sandbox.control.knobs({ jobDelayMs: 0 })
  return sandbox
}

/** The login of the gateway that is used. */
export type LoginKind = 'password' | 'client'

/**
 * After a lost execution the server searches for its run for up to a minute; this clock passes that minute at once.
 */
const quickTools = new Map(toolRegistry).set(
  executeScript.name,
  operationTool(new FakeClock(), executeScript),
)

/** The outcome of one call, as a program sees it. */
export interface CallOutcome {
  readonly isError: boolean
  /** Of an error; undefined for one that the server did not expect. */
  readonly kind: string | undefined
  readonly rows: readonly Record<string, unknown>[]
  readonly text: string
  /** Everything that left the server, the log included. */
  readonly output: string
}

/** One call over the protocol, to its own server that has not logged in yet. */
export async function callOn(
  sandbox: OpenSandbox,
  loginKind: LoginKind,
  { waitSeconds = 3, hasShortTimeouts }: Pick<FaultRow, 'waitSeconds' | 'hasShortTimeouts'>,
  tool: string,
  args: object,
): Promise<CallOutcome> {
  // Two seconds, since a busy machine may take one to answer.
  const seconds = hasShortTimeouts ? '2' : '20'
  const { options, log, close } = buildServerParts(
    environmentFor(sandbox, {
      ...unattendedSettings,
      QUALYS_REPLY: 'json',
      QUALYS_SECRET_NAMED: namedSecret,
      QUALYS_MAX_WAIT_SECONDS: String(waitSeconds),
      QUALYS_HEADERS_TIMEOUT_SECONDS: seconds,
      QUALYS_BODY_TIMEOUT_SECONDS: seconds,
      ...(loginKind === 'client' && {
        QUALYS_CLIENT_ID: sandbox.clientId,
        QUALYS_CLIENT_SECRET: clientSecret,
      }),
    }),
  )
  const channel = await connectInProcess({ ...options, loadTools: async () => quickTools })
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
    output: `${JSON.stringify(raw)}\n${log.join('\n')}`,
  }
}

/**
 * Arguments for every operation: all fields of few rows, so that rows can be compared and none is cut; objects that
 * exist; the declared route, where there are two.
 */
export async function callsOn(control: Control): Promise<ReadonlyMap<string, object>> {
  const [minimal, blocked, tags, blockedTags] = await Promise.all([
    minimalArgumentsOn(control),
    control.dump('blocked-assets'),
    control.dump('tags'),
    control.dump('blocked-tags'),
  ])
  const blockedIds = blockedTags.map(({ tagId }) => tagId)
  const overrides: Readonly<Record<string, object>> = {
    car_unblock_assets: { assetIds: [blocked[0]?.['id']] },
    car_block_tags: { tagIds: [tags.find(({ tagId }) => !blockedIds.includes(tagId))?.['tagId']] },
    car_unblock_tags: { tagIds: [blockedIds[0]] },
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
      { ...minimal[name], ...overrides[name], ...(returns === 'rows' && whole) },
    ]),
  )
}

/** The requests at the route of an operation, or at any other. */
export function requestsAt(route: string, seen: readonly SandboxRequest[]): readonly SandboxRequest[] {
  const [method, path = ''] = route.split(' ')
  const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`)
  return seen.filter((request) => request.method === method && pattern.test(request.path))
}

export const operationNamed = (name: string): Operation => {
  const found = operations.find((operation) => operation.name === name)
  if (!found) throw new Error(`no operation is called ${name}`)
  return found
}
