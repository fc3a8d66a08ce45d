import { expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import type { Sandbox } from '../../../../src/sandbox/sandbox.ts'
import { connect, yes } from '../../../support/consent/raw-client.ts'
import { effectRequests, type TestSandbox } from '../../../support/sandbox.ts'

/** The outcome of a call: how many requests with an effect arrived, and what the assistant read. */
export interface Outcome {
  readonly sent: number
  readonly text: string
}

/**
 * A call in a mode without questions, and one to which a person says yes: a limit is the same in both, and a
 * forbidden call is refused before the question. `platform` may replace the sandbox.
 */
export async function attemptInBothModes(
  sandbox: TestSandbox,
  [tool, args]: readonly [tool: string, args: object],
  limits: Environment,
  platform: Sandbox = sandbox,
): Promise<Outcome> {
  const attempt = async (QUALYS_MODE: string): Promise<Outcome & { readonly asked: number }> => {
    await sandbox.control.clearRequests()
    const client = await connect(platform, 'modern', {
      settings: { QUALYS_UNVERIFIED: 'all', ...limits, QUALYS_MODE },
    })
    const { text } = await client.callAndAnswer(tool, args, yes)
    const sent = (await effectRequests(sandbox.control)).length
    await client.close()
    return { sent, text, asked: client.questions.length }
  }
  const [free, confirmed] = [await attempt('unattended'), await attempt('confirm')]
  expect(free.asked).toBe(0)
  expect(confirmed.sent).toBe(free.sent)
  expect(confirmed.asked).toBe(confirmed.sent)
  return free
}

/** A plan for a disabled schedule in three days. */
export function plan(title: string) {
  const startDate = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
  return { title, scripts: [{ id: '19218' }], startDate, startTime: '08:00', activate: false }
}

/** A schedule as the sandbox stores it. */
export interface Schedule {
  readonly id: string
  readonly title: string
  readonly activate: boolean
  readonly scripts: readonly { readonly id: number }[]
  readonly assets: readonly { readonly id: number }[]
  readonly assetTags: readonly { readonly id: number }[]
}

export async function schedulesOf({ control }: TestSandbox): Promise<readonly Schedule[]> {
  return (await control.dump('schedules')) as unknown as Schedule[]
}

/** A schedule that another user made beyond our limits. */
export async function storeSchedule(sandbox: TestSandbox, title: string, targets: object): Promise<Schedule> {
  const operator = await connect(sandbox, 'modern', {
    settings: { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '1000' },
  })
  const { text } = await operator.call('car_create_schedule', { ...plan(title), ...targets })
  await sandbox.control.clearRequests()
  const found = (await schedulesOf(sandbox)).find((schedule) => schedule.title === title)
  if (!found) throw new Error(text)
  return found
}
