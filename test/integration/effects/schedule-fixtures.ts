import { expect } from 'vitest'
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import type { ToolReply } from '../../support/assistant.ts'
import { type Objects, planOf } from '../../support/effects/calls.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import { countRequests } from '../../support/effects/unattended.ts'

export const creating = 'POST /sm/v1/scripts/scheduler'
export const getting = 'GET /sm/v1/scheduler/{scheduleId}'
export const listing = 'POST /sm/v1/scheduler/search'
export const daily = { recurrence: 'DAILY', interval: 2, endDate: '2041-04-01' }

/** Faults under which an existing schedule cannot be found. */
export const notFoundFaults = {
  route: getting,
  kind: 'reply',
  status: 404,
  body: { errorCode: '404', message: 'Scheduler not found', body: null },
}
export const unlisted = { route: listing, kind: 'reply', body: { body: { totalCount: 0, list: [] } } }

type Row = Record<string, unknown>

/** Schedules of a sandbox. */
export interface Schedules {
  readonly create: (args: object) => Promise<ToolReply>
  readonly update: (args: object) => Promise<ToolReply>
  readonly storedAs: (title: unknown) => Promise<Row | undefined>
  /** Shows every schedule with everything that was requested, and with these changes. */
  readonly show: (more: object) => Promise<void>
  readonly timesSeen: (request: string) => Promise<number>
}

/** Arguments for a schedule: one run on one host at 2041-03-05T08:30Z. */
export const plan = (objects: Objects, more: object = {}): Row => ({ ...planOf(objects, 'Plan'), ...more })

/** A schedule as Qualys might show it, with everything that `plan` requests. */
export const shownSchedule = ({ hosts }: Objects, more: object = {}): object => ({
  id: '5f0c1e2d-0000-4000-8000-000000000001',
  scheduleType: 'ONE_TIME',
  activate: true,
  startTime: Date.UTC(2041, 2, 5, 8, 30),
  scripts: [{ id: 19218 }],
  assets: hosts.slice(0, 1).map((id) => ({ id: Number(id) })),
  assetTags: [],
  excludedAssets: [],
  ...more,
})

/** A `test` on a sandbox on which schedules are made. */
export function scheduleTest(options: SandboxOptions = {}) {
  return effectTest({ jobs: 200, assets: 60, ...options }).extend<{ schedules: Schedules }>({
    schedules: async ({ sandbox: { control }, server, objects }, use) =>
      use({
        create: (args) => server.call('car_create_schedule', args),
        update: (args) => server.call('car_update_schedule', args),
        storedAs: async (title) =>
          (await control.dump('schedules')).find((schedule) => schedule['title'] === title),
        show: (more) =>
          control.faults([{ route: getting, kind: 'reply', body: { body: shownSchedule(objects, more) } }]),
        timesSeen: (request) => countRequests(control, request),
      }),
  })
}

/**
 * Expects an unclear outcome that names the schedule, the difference and the way to disable it, which is returned.
 */
export function expectOff({ text, error }: ToolReply, title: unknown, wrong: RegExp | string): string {
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

/**
 * Expects a reply that Qualys took the schedule, that says what is not known of it, and how to look and to disable it.
 */
export function expectTaken({ text, isError }: ToolReply, title: unknown, unread: RegExp | string): void {
  expect(isError, text).toBe(false)
  const [line = ''] = text.split('\n')
  expect(line).toMatch(/^schedule .* (?:created|updated); /)
  expect(line).toContain(`"${title}"`)
  expect(line).toContain('Qualys took it, but ')
  expect(line).toMatch(unread)
  expect(line).toMatch(
    /Look at it with car_search_schedules .*activate: false, or the Qualys UI, switches it off$/,
  )
}
