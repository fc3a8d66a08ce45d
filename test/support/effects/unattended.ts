import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Clock } from '../../../src/shared/clock.ts'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import { operationTool } from '../../../src/tools/server/operation-tool.ts'
import type { ServerOptions } from '../../../src/tools/server/server-options.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { buildServerParts, readToolReply, type ServerParts, type ToolReply } from '../assistant.ts'
import type { Control } from '../sandbox.ts'
import { effects } from './in-memory.ts'
import { instantClock } from './instant-clock.ts'

export { instantClock }

/** A folder for one test. */
export function createTemporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'qualys-effects-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Settings of an unattended server that lists the tools with guessed routes, too. */
export interface UnattendedServer {
  readonly call: (tool: string, args: object) => Promise<ToolReply>
  readonly options: ServerOptions
  readonly log: readonly string[]
  readonly close: () => Promise<void>
}

/** The parts of such a server, with an instant clock unless another clock is given. */
export function unattendedServerParts(
  environment: Environment,
  folder: string,
  clock: Clock = instantClock(),
): ServerParts {
  const settings = { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all', QUALYS_STATE_DIR: folder }
  const parts = buildServerParts({ ...settings, ...environment })
  const paced = effects.map((operation) => [operation.name, operationTool(clock, operation)] as const)
  const tools: ReadonlyMap<string, Tool> = new Map([...toolRegistry, ...paced])
  return { ...parts, options: { ...parts.options, loadTools: async () => tools } }
}

/** Such a server, with a client that speaks the protocol. */
export async function openUnattendedServer(
  environment: Environment,
  folder: string,
  clock: Clock = instantClock(),
): Promise<UnattendedServer> {
  const { options, log, close } = unattendedServerParts(environment, folder, clock)
  const channel = await connectInProcess(options)
  return {
    options,
    log,
    call: async (name, args) => {
      const _meta = { 'qualys-mcp/reply': 'text' }
      return readToolReply(await channel.request('tools/call', { name, arguments: args, _meta }))
    },
    close: async () => {
      await channel.close()
      await close()
    },
  }
}

/** Method and path of the request that an operation sends with these arguments. */
export function requestOf({ route }: Operation, args: Readonly<Record<string, unknown>>): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => String(args[name]))
}

/** How often the sandbox received such a request. */
export async function countRequests(control: Control, request: string): Promise<number> {
  const seen = await control.requests()
  return seen.filter(({ method, path }) => `${method} ${path}` === request).length
}

/** A line of an audit log. */
export interface AuditLine {
  readonly chain: string
  readonly seq: number
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** The lines of an audit log. */
export function readAuditLines(file: string): AuditLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditLine)
}
