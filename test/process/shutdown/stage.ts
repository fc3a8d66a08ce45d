import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { canary } from '../../support/canary.ts'
import { environmentFor } from '../../support/environment.ts'
import { leaks } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { RawServer } from '../stdio/raw-server.ts'

/** A secret that the server holds, and that nothing it writes may hold. */
export const secret = canary('held')

export const reading = {
  route: 'POST /sm/v2/jobs/search',
  path: '/sm/v2/jobs/search',
  tool: 'car_search_jobs',
}
export const effect = {
  route: 'POST /sm/v1/block-commands',
  path: '/sm/v1/block-commands',
  tool: 'car_add_blocked_commands',
  args: { languageId: 201, commands: ['format'] },
}

type Sandbox = Awaited<ReturnType<typeof openSandbox>>

/** A sandbox for the tests of a file; for each of them servers that end with it, and a folder with their audit log. */
export class Stage {
  #sandbox: Sandbox | undefined
  #folder = ''
  readonly #servers: RawServer[] = []

  constructor() {
    beforeAll(async () => {
      this.#sandbox = await openSandbox({ jobs: 100 })
    })
    afterAll(() => this.sandbox.close())
    beforeEach(async () => {
      await this.sandbox.control.reset()
      this.#folder = mkdtempSync(join(tmpdir(), 'qualys-shutdown-'))
    })
    afterEach(async () => {
      for (const { child, ended } of this.#servers.splice(0)) {
        child.kill('SIGKILL')
        await ended
      }
      rmSync(this.#folder, { recursive: true })
    })
  }

  get sandbox(): Sandbox {
    if (!this.#sandbox) throw new Error('there is a sandbox only while tests run')
    return this.#sandbox
  }

  get audit(): string {
    return join(this.#folder, 'audit.jsonl')
  }

  environment(extra: Environment = {}): Environment {
    return environmentFor(this.sandbox, {
      QUALYS_MODE: 'unattended',
      QUALYS_STATE_DIR: this.#folder,
      QUALYS_AUDIT_FILE: this.audit,
      QUALYS_CLIENT_SECRET: secret,
      ...extra,
    })
  }

  async serve(extra: Environment = {}, args: readonly string[] = []): Promise<RawServer> {
    const server = new RawServer(this.environment(extra), args)
    this.#servers.push(server)
    return server.greet()
  }

  /** Has a call made that Qualys answers after so many milliseconds; resolves when it is there. */
  async inFlight(
    server: RawServer,
    { route, path, tool, args = {} }: { route: string; path: string; tool: string; args?: object },
    ms = 3_600_000,
  ): Promise<void> {
    await this.sandbox.control.faults([{ route, kind: 'delay', ms }])
    server.say({
      jsonrpc: '2.0',
      id: 'in flight',
      method: 'tools/call',
      params: { name: tool, arguments: args },
    })
    await this.seen(path)
  }

  /** Resolves when a request for this path has come. */
  async seen(path: string): Promise<void> {
    const paths = async () => (await this.sandbox.control.requests()).map((request) => request.path)
    await expect.poll(paths, { interval: 5, timeout: 30_000 }).toContain(path)
  }
}

/** What was answered to the call in flight. */
export function answerIn(out: string): Record<string, unknown> | undefined {
  const lines = out.split('\n').filter((line) => line.includes('"in flight"'))
  expect(lines.length).toBeLessThanOrEqual(1)
  return lines[0] === undefined ? undefined : JSON.parse(lines[0])
}

/** A line of the log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly reason?: string
  readonly [fact: string]: unknown
}

/** The lines of a log: each is JSON, and tells no secret. */
export function logIn(err: string): LogLine[] {
  expect(leaks(err)).toEqual([])
  return err
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
