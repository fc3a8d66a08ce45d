import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { connect, yes } from '../../support/consent/raw-client.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'

/** The outcome of a call: how many requests with an effect arrived, and what the assistant read. */
export interface Outcome {
  readonly sent: number
  readonly text: string
}

/** A call in a mode without questions, or one to which a person says yes. `platform` may replace the sandbox. */
async function callInMode(
  sandbox: TestSandbox,
  [tool, args]: readonly [tool: string, args: object],
  settings: Environment,
  platform: Sandbox,
): Promise<Outcome & { readonly questions: number }> {
  await sandbox.control.clearRequests()
  const client = await connect(platform, 'modern', { settings: { QUALYS_UNVERIFIED: 'all', ...settings } })
  const { text } = await client.callAndAnswer(tool, args, yes)
  const sent = (await effectRequests(sandbox.control)).length
  await client.close()
  return { sent, text, questions: client.questions.length }
}

/** An unattended call. */
export async function attempt(
  sandbox: TestSandbox,
  call: readonly [tool: string, args: object],
  limits: Environment,
  platform: Sandbox = sandbox,
): Promise<Outcome> {
  const { sent, text, questions } = await callInMode(
    sandbox,
    call,
    { ...limits, QUALYS_MODE: 'unattended' },
    platform,
  )
  expect(questions).toBe(0)
  return { sent, text }
}

/** A call that a person says yes to: a forbidden call is refused before the question. */
export async function approved(
  sandbox: TestSandbox,
  call: readonly [tool: string, args: object],
  limits: Environment,
  platform: Sandbox = sandbox,
): Promise<Outcome> {
  const { sent, text, questions } = await callInMode(
    sandbox,
    call,
    { ...limits, QUALYS_MODE: 'confirm' },
    platform,
  )
  expect(questions).toBe(sent)
  return { sent, text }
}

/** A plan for a disabled schedule. */
export const plan = {
  ...{ title: 'Planned', scripts: [{ id: '19218' }], startDate: '2096-02-29', startTime: '08:00' },
  activate: false,
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
export async function storeSchedule(sandbox: TestSandbox, targets: object): Promise<Schedule> {
  const settings = { QUALYS_MODE: 'unattended', QUALYS_MAX_ASSETS_PER_RUN: '1000' }
  const operator = await connect(sandbox, 'modern', { settings })
  const title = 'Stored before'
  const { text } = await operator.call('car_create_schedule', { ...plan, title, ...targets })
  const found = (await schedulesOf(sandbox)).find((schedule) => schedule.title === title)
  if (!found) throw new Error(text)
  return found
}
