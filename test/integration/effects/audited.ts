import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Environment } from '../../../src/settings.ts'
import { type Line, linesOf, temporary, type Unattended, unattended } from '../../support/effects/bench.ts'
import { type Ground, groundOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

/** What every effect that is sent leaves in the log. */
export const whole = ['asked', 'approved', 'sent', 'answered']

/** A sandbox for the tests of a file, and for each of them a folder with a log in it. */
export class Audited {
  sandbox!: Awaited<ReturnType<typeof openSandbox>>
  ground!: Ground
  folder!: ReturnType<typeof temporary>
  logs = ''
  file = ''
  /** Closed after the test, the last one first. */
  readonly open: { close: () => Promise<void> }[] = []

  constructor() {
    beforeAll(async () => {
      this.sandbox = await openSandbox({ jobs: 200, assets: 60 })
      this.ground = await groundOf(this.sandbox.control)
    })
    afterAll(() => this.sandbox.close())
    beforeEach(async () => {
      await this.sandbox.control.reset()
      await this.sandbox.control.knobs({ jobDelayMs: 0 })
      this.folder = temporary()
      this.logs = join(this.folder.path, 'logs')
      mkdirSync(this.logs)
      this.file = join(this.logs, 'audit.jsonl')
    })
    afterEach(async () => {
      await this.close()
      this.folder.remove()
    })
  }

  async close(): Promise<void> {
    for (const thing of this.open.splice(0).reverse()) await thing.close()
  }

  environment(extra: Environment = {}): Environment {
    const settings = { QUALYS_AUDIT_FILE: this.file, QUALYS_MAX_WAIT_SECONDS: '0' }
    return environmentFor(this.sandbox, { ...settings, ...extra })
  }

  async serve(extra: Environment = {}): Promise<Unattended> {
    const server = await unattended(this.environment(extra), this.folder.path)
    this.open.push(server)
    return server
  }

  /** A run on two hosts. */
  run(): { readonly scriptId: string; readonly assetIds: readonly string[] } {
    return { scriptId: '19218', assetIds: this.ground.hosts.slice(0, 2) }
  }

  execute(server: Unattended, args: object = this.run()): ReturnType<Unattended['call']> {
    return server.call('car_execute_script', args)
  }

  lines(): Line[] {
    return linesOf(this.file)
  }

  events(lines: readonly Line[] = this.lines()): string[] {
    return lines.map(({ event }) => event)
  }

  /** Of the first line with this event. */
  factsOf(wanted: string): Line['facts'] | undefined {
    return this.lines().find(({ event }) => event === wanted)?.facts
  }
}
