import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../../src/config/settings.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Pace } from '../../../src/shared/clock.ts'
import { openChannel } from '../../../src/tools/server/in-process-client.ts'
import { toolBy } from '../../../src/tools/server/operation-tool.ts'
import type { ServerOptions } from '../../../src/tools/server/server.ts'
import { toolbox } from '../../../src/tools/server/tool-registry.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { type Heard, heardIn, type Parts, partsOf } from '../assistant.ts'
import type { Control } from '../sandbox.ts'
import { hurried } from './clock.ts'
import { effects } from './in-memory.ts'

export { hurried }

/** A folder of a test's own. */
export function temporary(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'qualys-effects-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** A server that asks nobody, and lists what is guessed too. */
export interface Unattended {
  readonly call: (tool: string, args: object) => Promise<Heard>
  readonly options: ServerOptions
  readonly log: readonly string[]
  readonly close: () => Promise<void>
}

/** What such a server is made of, going by a clock that hurries unless another one is given. */
export function unattendedParts(environment: Environment, folder: string, pace: Pace = hurried()): Parts {
  const settings = { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all', QUALYS_STATE_DIR: folder }
  const parts = partsOf({ ...settings, ...environment })
  const paced = effects.map((operation) => [operation.name, toolBy(pace, operation)] as const)
  const tools: ReadonlyMap<string, Tool> = new Map([...toolbox, ...paced])
  return { ...parts, options: { ...parts.options, toolbox: async () => tools } }
}

/** Such a server, spoken to over the protocol. */
export async function unattended(
  environment: Environment,
  folder: string,
  pace: Pace = hurried(),
): Promise<Unattended> {
  const { options, log, close } = unattendedParts(environment, folder, pace)
  const channel = await openChannel(options)
  return {
    options,
    log,
    call: async (name, args) => heardIn(await channel.request('tools/call', { name, arguments: args })),
    close: async () => {
      await channel.close()
      await close()
    },
  }
}

/** Method and path of the request that an operation makes of its arguments. */
export function requestOf({ route }: Operation, args: Readonly<Record<string, unknown>>): string {
  return route.replace(/\{(\w+)\}/g, (_, name: string) => String(args[name]))
}

/** How often the sandbox saw such a request. */
export async function timesSeen(control: Control, request: string): Promise<number> {
  const seen = await control.requests()
  return seen.filter(({ method, path }) => `${method} ${path}` === request).length
}

/** A line of an audit log. */
export interface Line {
  readonly chain: string
  readonly seq: number
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** The lines of an audit log. */
export function linesOf(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line)
}
