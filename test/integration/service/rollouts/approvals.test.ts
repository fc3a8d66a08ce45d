import { describe, expect } from 'vitest'
import { countRuns } from '../../../support/plans/approval-server.ts'
import { rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'
import {
  callAs,
  codeOfWave,
  eventually,
  onlyPlan,
  reaches,
  serviceRollouts as test,
  withLastApproved,
} from '../../../support/plans/service-rollouts.ts'
import { forms } from '../../../support/service/client.ts'
import { browserOf, codeIn, decide } from '../../../support/service-page/page.ts'

// Rollouts of a service: who is logged in approves them on its page, and the service moves them on.

const propose = 'car_plan_rollout'

test('a rollout begins by itself once an approver said yes on the page', async ({
  start,
  hosts,
  sandbox,
}) => {
  const service = await start()
  const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2, 3))
  expect(asked.text).toMatch(
    /Ask the person to open https:\/\/mcp\.example\.com\/approve\/\S{9} within ten minutes/,
  )
  const shown = await callAs(service, 'tom', 'car_get_rollout', { planId: onlyPlan(service) })
  expect(shown.text).toContain(
    `ask the person to open https://mcp.example.com/approve/${codeIn(asked)} within`,
  )
  expect((await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')).status).toBe(200)
  await eventually(() => countRuns(sandbox), 1)
  await eventually(() => countRuns(sandbox), 2)
  const { approval } = await reaches(service, onlyPlan(service), 'done')
  expect(approval).toMatchObject({
    approvedBy: 'Eve, on the approval page',
    approval: { way: 'page', by: 'login', person: 'Eve', seal: expect.stringMatching(/^[0-9a-f]{64}$/) },
    asker: { name: 'ada', person: 'Ada' },
  })
})

test('a rollout that an approver declined is stopped, with who said so', async ({
  start,
  hosts,
  sandbox,
}) => {
  const service = await start()
  const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2, 3))
  await decide(await browserOf(service, 'eve'), codeIn(asked), 'decline')
  const { stopped } = await reaches(service, onlyPlan(service), 'stopped')
  expect(stopped).toMatchObject({
    why: 'It was declined by Eve, on the approval page.',
    who: 'Eve, on the approval page',
  })
  expect(await countRuns(sandbox)).toBe(0)
})

test('a form of the client does not count, unless QUALYS_APPROVE_BY names it', async ({
  start,
  hosts,
  sandbox,
}) => {
  const service = await start()
  const client = service.client('ada', { capabilities: forms })
  const args = rolloutOf(hosts, 2)
  const first = await client.call(propose, args)
  expect(first.result?.['requestState']).toBeUndefined()
  const forced = await client.answerQuestion(propose, args, 'made up')
  expect(forced.text).toContain('https://mcp.example.com/approve/')
  expect(await countRuns(sandbox)).toBe(0)
})

describe('a wave that needs its own approval', () => {
  test('waits on the page; resuming asks for just that wave', async ({ start, hosts, sandbox }) => {
    const service = await start()
    const asked = await callAs(service, 'ada', propose, withLastApproved(hosts, 2, 3))
    const eve = await browserOf(service, 'eve')
    await decide(eve, codeIn(asked), 'approve')
    const planId = onlyPlan(service)
    await eventually(() => countRuns(sandbox), 1)
    const code = await codeOfWave(service, planId)
    // Who resumes asks with a request of their own.
    const resumed = await callAs(service, 'bob', 'car_resume_rollout', { planId })
    expect(codeIn(resumed)).not.toBe(code)
    await decide(eve, code, 'approve')
    await eventually(() => countRuns(sandbox), 2)
    await reaches(service, planId, 'done')
  })
})

describe('four eyes', () => {
  const settings = { QUALYS_FOUR_EYES: 'execute' }

  test('the own yes of who proposed it does not count, and that of another person does', async ({
    start,
    hosts,
    sandbox,
  }) => {
    const service = await start({ settings })
    const asked = await callAs(service, 'adas', propose, withLastApproved(hosts, 2, 3))
    expect(asked.text).toMatch(
      /Ask another person to open .* \(only the approval page counts, by another person\)/,
    )
    const planId = onlyPlan(service)
    const own = await browserOf(service, 'adas')
    expect(
      (await decide(own, codeIn(asked), 'approve').catch((error: Error) => error)).toString(),
    ).toBeTruthy()
    await callAs(service, 'adas', propose, withLastApproved(hosts, 2, 3))
    expect(stateIn(service.folder, planId).phase).toBe('proposed')
    await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')
    await eventually(() => countRuns(sandbox), 1)
    const code = await codeOfWave(service, planId)
    expect((await decide(own, code, 'approve')).status).toBe(403)
    expect(stateIn(service.folder, planId).waves[1]?.approval).toBeUndefined()
    await decide(await browserOf(service, 'bob'), code, 'approve')
    await eventually(() => countRuns(sandbox), 2)
  })

  test('who resumes is compared as well', async ({ start, hosts, sandbox }) => {
    const service = await start({ settings })
    await decide(
      await browserOf(service, 'eve'),
      codeIn(await callAs(service, 'ada', propose, rolloutOf(hosts, 2, 3))),
      'approve',
    )
    const planId = onlyPlan(service)
    await eventually(() => countRuns(sandbox), 1)
    await callAs(service, 'ada', 'car_hold_rollout', { planId })
    // A request names the waves that have ended: one that ends while a person reads makes another request.
    await eventually(() => stateIn(service.folder, planId).waves[0]?.phase, 'ended')
    const asked = await callAs(service, 'bob', 'car_resume_rollout', { planId })
    // Bob asks, so Bob's own yes is none; Ada, who proposed it, may say it.
    const bob = await browserOf(service, 'bob')
    expect((await decide(bob, codeIn(asked), 'approve')).status).toBe(403)
    expect((await callAs(service, 'bob', 'car_resume_rollout', { planId })).isError).toBe(true)
    await decide(await browserOf(service, 'adas'), codeIn(asked), 'approve')
    expect((await callAs(service, 'bob', 'car_resume_rollout', { planId })).isError).toBe(false)
    await eventually(() => countRuns(sandbox), 2)
  })
})
