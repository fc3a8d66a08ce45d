import { afterAll, beforeAll, beforeEach, expect } from 'vitest'
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import type { Heard } from '../../support/assistant.ts'
import { temporary, timesSeen, type Unattended, unattended } from '../../support/effects/bench.ts'
import { type Ground, groundOf, planOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox } from '../../support/sandbox.ts'

export const creating = 'POST /sm/v1/scripts/scheduler'
export const getting = 'GET /sm/v1/scheduler/{scheduleId}'
export const listing = 'POST /sm/v1/scheduler/search'
export const daily = { recurrence: 'DAILY', interval: 2, endDate: '2041-04-01' }

/** Faults by which a schedule that is there cannot be found. */
export const denied = {
  route: getting,
  kind: 'reply',
  status: 404,
  body: { errorCode: '404', message: 'Scheduler not found', body: null },
}
export const unlisted = { route: listing, kind: 'reply', body: { body: { totalCount: 0, list: [] } } }

/** A sandbox for the tests of a file, on which schedules are made. */
export class Planned {
  sandbox!: Awaited<ReturnType<typeof openSandbox>>
  server!: Unattended
  ground!: Ground
  #last = 0

  constructor(options: SandboxOptions = {}) {
    const folder = temporary()
    beforeAll(async () => {
      this.sandbox = await openSandbox({ jobs: 200, assets: 60, ...options })
      const environment = environmentFor(this.sandbox, { QUALYS_MAX_WAIT_SECONDS: '0' })
      this.server = await unattended(environment, folder.path)
      this.ground = await groundOf(this.sandbox.control)
    })
    beforeEach(() => this.sandbox.control.reset())
    afterAll(async () => {
      await this.server.close()
      await this.sandbox.close()
      folder.remove()
    })
  }

  /** Arguments for a schedule with a title of its own: one run on one host at 2041-03-05T08:30Z. */
  plan(more: object = {}): Record<string, unknown> {
    return { ...planOf(this.ground, `Plan ${++this.#last}`), ...more }
  }

  create(args: object): Promise<Heard> {
    return this.server.call('car_create_schedule', args)
  }

  async storedAs(title: unknown): Promise<Record<string, unknown> | undefined> {
    return (await this.sandbox.control.truth('schedules')).find((schedule) => schedule['title'] === title)
  }

  /** A schedule as Qualys might show it, with everything that was asked for. */
  shown(more: object = {}): object {
    return {
      id: '5f0c1e2d-0000-4000-8000-000000000001',
      scheduleType: 'ONE_TIME',
      activate: true,
      startTime: Date.UTC(2041, 2, 5, 8, 30),
      scripts: [{ id: 19218 }],
      assets: this.ground.hosts.slice(0, 1).map((id) => ({ id: Number(id) })),
      assetTags: [],
      excludedAssets: [],
      ...more,
    }
  }

  /** From now on every schedule is shown so. */
  show(more: object): Promise<void> {
    return this.faults([{ route: getting, kind: 'reply', body: { body: this.shown(more) } }])
  }

  faults(faults: readonly object[]): Promise<void> {
    return this.sandbox.control.faults(faults)
  }

  timesSeen(request: string): Promise<number> {
    return timesSeen(this.sandbox.control, request)
  }
}

/** Unclear, by name, with what is wrong and the way to switch it off, which is returned. */
export function expectOff({ text, error }: Heard, title: unknown, wrong: RegExp | string): string {
  expect(error, text).toMatchObject({ kind: 'unclear' })
  expect(text).toMatch(wrong)
  expect(text).toContain(`"${title}"`)
  expect(text).toContain('it may run at another time or elsewhere')
  const next = String(error?.['next'])
  expect(next).toMatch(
    /^Switch it off: car_update_schedule .*activate: false, or the Qualys UI; then look at it/,
  )
  return next
}
