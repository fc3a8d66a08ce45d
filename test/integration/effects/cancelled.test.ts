import { describe, expect, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { eras, RawClient } from '../../support/consent/raw-client.ts'
import { addressesOf, alteredPlatform } from '../../support/effects/altered-platform.ts'
import { auditedEnvironment, effectTest, runOn } from '../../support/effects/fixtures.ts'
import { countRequests, instantClock, unattendedServerParts } from '../../support/effects/unattended.ts'

// Cancelled calls: what was not sent yet is never sent, and the outcome of what was sent is unclear.

const route = 'POST /sm/v1/scripts/{scriptId}/execute'
const effect = 'POST /sm/v1/scripts/19218/execute'
const listing = 'POST /sm/v2/jobs/search'
const looking = 'POST /sm/v1/assets/search'
const types = 'GET /sm/v1/script-types'

/** A running call that starts a run on one host, and how to cancel it. */
interface StartedRun {
  readonly client: RawClient
  readonly cancel: () => Promise<void>
  readonly log: readonly string[]
  readonly slept: readonly number[]
}

/** Runs when a request arrives at the proxy for the nth time, before it is passed on. */
type ArrivalHook = (begun: StartedRun, time: number) => unknown

interface Fixtures {
  readonly begin: (hooks: Readonly<Record<string, ArrivalHook>>, extra?: Environment) => Promise<StartedRun>
  /** The lines of the audit log, once the last one has this event. */
  readonly loggedUpTo: (event: string) => Promise<(readonly [string, Readonly<Record<string, unknown>>])[]>
  readonly times: (request: string) => Promise<number>
}

describe.each(eras)('%s era', (era) => {
  const test = effectTest().extend<Fixtures>({
    begin: async ({ sandbox, audit, folder, objects, closing }, use) => {
      await use(async (hooks, extra = {}) => {
        const counts = new Map<string, number>()
        let begun: StartedRun | undefined
        const platform = await alteredPlatform(sandbox, {
          arrived: async (request) => {
            counts.set(request, (counts.get(request) ?? 0) + 1)
            if (begun) await hooks[request]?.(begun, counts.get(request) ?? 0)
          },
        })
        const clock = instantClock()
        const environment = auditedEnvironment(sandbox, audit, { ...addressesOf(platform), ...extra })
        const { options, log, close } = unattendedServerParts(environment, folder, clock)
        const client = await RawClient.open(options, era)
        closing.push({ close }, client)
        // Both eras open with one request, so that the call is the second.
        const cancel = () => client.send({ method: 'notifications/cancelled', params: { requestId: 2 } })
        begun = { client, cancel, log, slept: clock.slept }
        // The client ignores the answer to a cancelled call.
        client.call('car_execute_script', runOn(objects))
        return begun
      })
    },
    loggedUpTo: async ({ audit }, use) => {
      await use(async (event) => {
        await vi.waitFor(() => expect(audit.events().at(-1)).toBe(event), { timeout: 10_000 })
        return audit.lines().map((line) => [line.event, line.facts])
      })
    },
    times: async ({ sandbox }, use) => use((request) => countRequests(sandbox.control, request)),
  })
  const cancelling: ArrivalHook = ({ cancel }) => cancel()

  test('in flight: one request, and the log says that the outcome is unknown', async ({
    sandbox,
    begin,
    loggedUpTo,
    times,
  }) => {
    const { client, log, slept } = await begin({ [effect]: cancelling })
    const lines = await loggedUpTo('answered')
    expect(lines.map(([event]) => event)).toEqual(['asked', 'approved', 'sent', 'answered'])
    expect(lines.at(-1)?.[1]).toMatchObject({ outcome: 'unclear', why: 'cancelled' })
    // It took effect: "it did not happen" would have been wrong.
    await vi.waitFor(async () => expect(await sandbox.control.dump('executions')).toHaveLength(1), {
      timeout: 10_000,
    })
    expect((await client.request('tools/list', {})).isError).toBe(false)
    expect(await times(effect)).toBe(1)
    expect(slept).toEqual([])
    expect(log.filter((line) => !/^{"level":"(debug|info)"/.test(line))).toEqual([])
  })

  test('before it is sent: no request, and no line about sending', async ({ begin, loggedUpTo, times }) => {
    const { client } = await begin({ [listing]: cancelling })
    const lines = await loggedUpTo('answered')
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await times(effect)).toBe(0)
    expect(lines.map(([event]) => event)).toEqual(['asked', 'approved', 'answered'])
    expect(lines.at(-1)?.[1]).toMatchObject({ outcome: 'not sent', why: 'cancelled' })
  })

  test('during its look-ups: logged as asked, and nothing more', async ({ begin, loggedUpTo, times }) => {
    const { client } = await begin({ [looking]: cancelling })
    const lines = await loggedUpTo('refused')
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await times(effect)).toBe(0)
    expect(lines).toMatchObject([
      ['asked', { tool: 'car_execute_script' }],
      ['refused', { kind: 'cancelled' }],
    ])
  })

  test('while it waits for its turn: not sent, and not logged as sent', async ({
    begin,
    loggedUpTo,
    times,
  }) => {
    let read: Promise<{ readonly isError: boolean }> | undefined
    const { client } = await begin(
      {
        // A read arrives while the list of runs is requested: it goes before the effect.
        [listing]: async ({ client }, time) => {
          if (time > 1) return
          read = client.call('car_list_script_types', {})
          await client.request('tools/list', {})
        },
        [types]: async ({ client, cancel }, time) => {
          if (time > 1) return
          await client.request('tools/list', {})
          await cancel()
        },
      },
      { QUALYS_CONCURRENCY: '1' },
    )
    const lines = await loggedUpTo('answered')
    expect((await read)?.isError).toBe(false)
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await times(effect)).toBe(0)
    expect(lines).toMatchObject([
      ['asked', {}],
      ['approved', {}],
      ['answered', { outcome: 'not sent', why: 'cancelled' }],
    ])
  })

  test('during the search for its run: no further request', async ({ sandbox, begin, loggedUpTo, times }) => {
    await sandbox.control.faults([{ route, kind: 'reset' }])
    let cancelled = (): void => undefined
    const done = new Promise<void>((resolve) => {
      cancelled = resolve
    })
    const { client, slept } = await begin({
      [listing]: async ({ cancel }, time) => {
        if (time < 2) return
        await cancel()
        cancelled()
      },
    })
    await done
    const lines = await loggedUpTo('answered')
    expect((await client.call('car_list_script_types', {})).isError).toBe(false)
    expect(await times(listing)).toBe(2)
    expect(await times(effect)).toBe(1)
    expect(slept).toEqual([1_000])
    expect(lines.at(-1)).toMatchObject(['answered', { outcome: 'unclear' }])
  })
})
