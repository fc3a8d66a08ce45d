import { expect } from 'vitest'
import { decideWithKey } from '../../../support/approvals/local-person.ts'
import { longWait } from '../../../support/approvals/local-server.ts'
import { yes } from '../../../support/consent/raw-client.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import {
  type ApprovalServer,
  countRuns,
  decideAt,
  approvalTest as test,
} from '../../../support/plans/approval-server.ts'
import { goOn, linesIn, pass, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'

// What becomes of a wave that needs an approval of its own, besides the yes.

const resume = 'car_resume_rollout'

/** A rollout whose second wave waits for its approval. */
async function withWaitingWave(server: ApprovalServer, hosts: readonly string[]): Promise<string> {
  const { waves, ...rest } = rolloutOf(hosts, 2, 3, 1)
  const args = { ...rest, waves: waves.map((wave, at) => ({ ...wave, needsApproval: at === 1 })) }
  const { isError, text } = await server.ask('car_plan_rollout', args, yes)
  if (isError) await decideAt('terminal', server, codeIn({ text }))
  await goOn(server, 3)
  const [id = ''] = plansIn(server.stateDir)
  return id
}

/** The code of the wave that waits. */
async function codeOfWave(server: ApprovalServer, planId: string): Promise<string> {
  const { text } = await server.ask('car_get_rollout', { planId })
  return codeIn({ text: text.slice(text.indexOf('waits for an approval')) })
}

test.for(['page', 'terminal'] as const)(
  'a wave that was declined holds the rollout, and resuming asks for it again: %s',
  async (place, { open, hosts, sandbox }) => {
    const server = await open()
    const id = await withWaitingWave(server, hosts)
    await decideAt(place, server, await codeOfWave(server, id), { decision: 'decline' })
    await goOn(server, 1)
    const by = place === 'page' ? 'on the approval page' : 'in a terminal'
    const held = {
      kind: 'held',
      reason: 'approval',
      wave: 1,
      why: `wave 2 of 3 was declined by a person, ${by}. Resuming asks again.`,
    }
    expect(linesIn(server.stateDir, id).at(-1)).toMatchObject(held)
    expect(await countRuns(sandbox)).toBe(1)
    // Resuming is about the rollout; the wave still needs its own yes.
    expect((await server.ask(resume, { planId: id }, yes)).text).toMatch(/: running/)
    await goOn(server, 1)
    expect(await countRuns(sandbox)).toBe(1)
    await decideAt('page', server, await codeOfWave(server, id))
    await goOn(server, 3)
    expect(await countRuns(sandbox)).toBe(3)
    expect(stateIn(server.stateDir, id).phase).toBe('done')
  },
)

test('a wave that nobody answers holds the rollout after lateAfterMinutes', async ({
  open,
  hosts,
  sandbox,
}) => {
  const server = await open({ capabilities: {} })
  const id = await withWaitingWave(server, hosts)
  const codes = new Set<string>()
  for (let minutes = 2; minutes <= 60; minutes += 9.5) {
    codes.add(await codeOfWave(server, id))
    pass(9.5)
    await server.move()
  }
  // Each code is good for ten minutes: the next look asks again.
  expect(codes.size).toBeGreaterThan(3)
  expect(codes).not.toContain('')
  expect(stateIn(server.stateDir, id)).toMatchObject({
    phase: 'held',
    held: {
      reason: 'approval',
      wave: 1,
      why: expect.stringMatching(
        /^Nobody approved wave 2 of 3 within 60 min of \S+Z\. Resuming asks again\.$/,
      ),
    },
  })
  expect(await countRuns(sandbox)).toBe(1)
})

test('a yes to a wave that comes while the rollout is held counts once it is resumed', async ({
  open,
  hosts,
  sandbox,
}) => {
  const server = await open()
  const id = await withWaitingWave(server, hosts)
  const code = await codeOfWave(server, id)
  await server.ask('car_hold_rollout', { planId: id })
  await decideAt('page', server, code)
  await goOn(server, 1)
  expect(await countRuns(sandbox)).toBe(1)
  await server.ask(resume, { planId: id }, yes)
  await goOn(server, 3)
  expect(await countRuns(sandbox)).toBe(3)
})

test('a wave is asked about once, however often the rollout is moved', async ({ open, hosts, sandbox }) => {
  const server = await open({ capabilities: {} })
  const id = await withWaitingWave(server, hosts)
  const code = await codeOfWave(server, id)
  for (let count = 0; count < 3; count++) await server.move()
  const other = await open({ capabilities: {}, stateDir: server.stateDir })
  await other.move()
  expect(await codeOfWave(server, id)).toBe(code)
  const asked = server.audit().filter(({ event, facts }) => event === 'asked' && facts['wave'] === 2)
  expect(asked).toHaveLength(2)
  expect(await countRuns(sandbox)).toBe(1)
})

test('a resume that waits for a wave on the page tells of it, even if a runner saw the yes first', async ({
  open,
  hosts,
  sandbox,
}) => {
  const server = await open({ capabilities: {}, callTimes: longWait, hasScreen: true })
  const runner = await open({ stateDir: server.stateDir })
  const id = await withWaitingWave(runner, hosts)
  // The runner had asked already: the call waits for the same yes.
  const reply = server.ask(resume, { planId: id })
  const code = await codeOfWave(runner, id)
  await decideWithKey(runner, code)
  await runner.move()
  expect(await reply).toMatchObject({
    isError: false,
    text: expect.stringMatching(/: running/),
  })
  await goOn(runner, 3)
  expect(await countRuns(sandbox)).toBe(3)
})

test('adopt and notRun say nothing of a wave that waits for an approval', async ({ open, hosts }) => {
  const server = await open()
  const id = await withWaitingWave(server, hosts)
  const { isError, text } = await server.ask(resume, { planId: id, notRun: true }, yes)
  expect([isError, text]).toEqual([
    true,
    expect.stringMatching(/^What became of every wave is known, so adopt and notRun say nothing\./),
  ])
})
