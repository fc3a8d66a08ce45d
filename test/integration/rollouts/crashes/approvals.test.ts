import { expect } from 'vitest'
import { yes } from '../../../support/consent/raw-client.ts'
import { type ApprovalServer, approvalTest as test } from '../../../support/plans/approval-server.ts'
import {
  type Course,
  doubtMinutes,
  expectOnce,
  fatalAt,
  journalsIn,
  type Mover,
  moveToEnd,
  onlyPlanIn,
  pointsOf,
} from '../../../support/plans/crash-course.ts'
import { letDieIn } from '../../../support/plans/failpoints.ts'
import { pass, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'

// The same where each wave needs an approval of its own, which a person gives in a form.

const course: Course = {
  args: (hosts) => {
    const rollout = rolloutOf(hosts, 2, 3)
    return { ...rollout, waves: rollout.waves.map((wave) => ({ ...wave, needsApproval: true })) }
  },
}

const moverOf = (server: ApprovalServer): Mover => ({
  call: (tool, args) => server.ask(tool, args, yes),
  move: server.move,
})

const lines = [
  'proposed',
  'approved',
  'approved',
  'intent',
  'sent',
  'seen',
  'approved',
  'intent',
  'sent',
  'seen',
  'done',
]

test('a rollout whose waves need approvals has eleven lines', async ({ open, hosts, sandbox }) => {
  const server = await open()
  const mover = moverOf(server)
  await mover.call('car_plan_rollout', course.args(hosts))
  await moveToEnd(mover, server.stateDir, sandbox.control, course)
  const found = await expectOnce(server.stateDir, sandbox.control, course)
  expect(found.map(({ kind }) => kind)).toEqual(lines)
})

test.for(pointsOf(1, 8))(
  'a rollout whose waves need approvals ends after a crash $moment line $n, each wave sent once',
  async (point, { open, hosts, sandbox: { control } }) => {
    const first = await open()
    const { stateDir } = first
    const journals = letDieIn(first.options.safeguards, journalsIn(stateDir), fatalAt(point))
    await moverOf(first).call('car_plan_rollout', course.args(hosts))
    await moveToEnd(moverOf(first), stateDir, control, course, journals.isDead)
    expect(journals.isDead()).toBe(true)
    const next = moverOf(await open({ stateDir }))
    pass(doubtMinutes)
    const id = onlyPlanIn(stateDir)
    if (id === undefined || stateIn(stateDir, id).phase === 'proposed')
      await next.call('car_plan_rollout', course.args(hosts))
    await moveToEnd(next, stateDir, control, course)
    await expectOnce(stateDir, control, course)
  },
)
