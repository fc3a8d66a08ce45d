import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { program } from '../../support/stdio/peers.ts'
import type { Fault } from './fault-kinds.ts'

export type Row = Readonly<Record<string, unknown>>

/** A sandbox in a process of its own, and what controls it. */
export interface SandboxProcess {
  readonly env: Readonly<Record<string, string>>
  readonly kinds: readonly string[]
  readonly dump: (collection: string) => Promise<Row[]>
  readonly faults: (faults: readonly Fault[]) => Promise<void>
  readonly knobs: (knobs: object) => Promise<void>
  readonly revoke: () => Promise<void>
  readonly clearRequests: () => Promise<void>
  readonly close: () => void
}

export async function startSandboxProcess(jobs: number): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--jobs', String(jobs)], {
    env: {},
  })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const {
    gatewayUrl = '',
    apiUrl = '',
    username = '',
    password = '',
  } = JSON.parse(line) as Record<string, string>
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const url = `${gatewayUrl}/_sandbox/${path}`
    const response = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`)
    return response.json()
  }
  const done = async (asked: Promise<unknown>): Promise<void> => void (await asked)
  return {
    env: {
      QUALYS_GATEWAY_URL: gatewayUrl,
      QUALYS_API_URL: apiUrl,
      QUALYS_USERNAME: username,
      QUALYS_PASSWORD: password,
    },
    kinds: Object.keys((await ask('GET', 'fault-kinds')) as object),
    dump: async (collection) => (await ask('GET', `truth/${collection}`)) as Row[],
    faults: (faults) => done(ask('PUT', 'faults', faults)),
    knobs: (knobs) => done(ask('PATCH', 'knobs', knobs)),
    revoke: () => done(ask('POST', 'revoke')),
    clearRequests: () => done(ask('DELETE', 'requests')),
    close: () => child.kill(),
  }
}

/** The memory of a process in MiB and its open handles; undefined where the system does not report them. */
export async function processUsage(pid: number): Promise<{ memory: number; handles: number } | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1])
    return { memory: kilobytes / 1024, handles: (await readdir(`/proc/${pid}/fd`)).length }
  } catch {
    return undefined
  }
}
