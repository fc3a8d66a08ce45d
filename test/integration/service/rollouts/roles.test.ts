import { describe, expect } from 'vitest'
import { countRuns } from '../../../support/plans/approval-server.ts'
import { linesIn, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'
import {
  callAs,
  codeOfWave,
  eventually,
  onlyPlan,
  reaches,
  serviceRollouts as test,
  withLastApproved,
} from '../../../support/plans/service-rollouts.ts'
import { tokenOf } from '../../../support/service/callers.ts'
import { revisions } from '../../../support/service/client.ts'
import { browserOf, codeIn, decide } from '../../../support/service-page/page.ts'

// Who may do what with rollouts of a service.

const propose = 'car_plan_rollout'
const reads = ['car_get_rollout', 'car_list_rollouts'] as const
const effects = [
  'car_plan_rollout',
  'car_plan_rerun',
  'car_hold_rollout',
  'car_stop_rollout',
  'car_resume_rollout',
] as const
const isOfRollouts = (name: string): boolean => [...reads, ...effects].some((one) => one === name)

describe.each(revisions)('%s', (revision) => {
  test.for([
    ['tom', 'a viewer'],
    ['eve', 'an approver'],
  ] as const)(
    '%s (%s) sees rollouts, and has no tool that changes one',
    async ([name], { start, hosts, sandbox }) => {
      const service = await start()
      await callAs(service, 'ada', propose, rolloutOf(hosts, 2))
      const planId = onlyPlan(service)
      const client = service.client(name, { revision })
      if (!client.isModern) await client.initialize()
      expect((await client.toolNames()).filter(isOfRollouts).sort()).toEqual([...reads])
      expect((await client.call('car_list_rollouts')).text).toContain(planId)
      expect((await client.call('car_get_rollout', { planId })).text).toContain(`rollout ${planId}`)
      const before = linesIn(service.folder, planId)
      for (const tool of effects) {
        const args = tool === propose ? rolloutOf(hosts, 1) : { planId }
        const { error, result } = await client.call(tool, args)
        const unknown = await client.call('car_no_such_tool', args)
        expect([error?.code, result]).toEqual([unknown.error?.code, undefined])
        expect(error?.message).toBe(`Tool ${tool} not found`)
      }
      expect(linesIn(service.folder, planId)).toEqual(before)
      expect(plansIn(service.folder)).toEqual([planId])
      expect(await countRuns(sandbox)).toBe(0)
    },
  )

  test('an operator holds and stops the rollouts of others, by name in the journal', async ({
    start,
    hosts,
    sandbox,
  }) => {
    const service = await start()
    const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2, 3))
    await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')
    const planId = onlyPlan(service)
    await eventually(() => countRuns(sandbox), 1)
    const bob = service.client('bob', { revision })
    if (!bob.isModern) await bob.initialize()
    expect((await bob.toolNames()).filter(isOfRollouts).sort()).toEqual([...reads, ...effects].sort())
    const held = await bob.call('car_hold_rollout', { planId, reason: 'Too early' })
    expect(held.isError, held.text).toBe(false)
    expect(linesIn(service.folder, planId).at(-1)).toMatchObject({
      kind: 'held',
      reason: 'person',
      who: 'Bob (bob)',
      why: expect.stringContaining('Too early'),
    })
    expect((await bob.call('car_stop_rollout', { planId })).isError).toBe(false)
    expect((await reaches(service, planId, 'stopped')).stopped).toMatchObject({ who: 'Bob (bob)' })
    expect(await countRuns(sandbox)).toBe(1)
    const audited = service.audit().filter(({ event, facts }) => {
      const { tool } = facts as { readonly tool?: string }
      return event === 'answered' && (tool === 'car_hold_rollout' || tool === 'car_stop_rollout')
    })
    expect(audited).toHaveLength(2)
  })
})

test('who asks and is no approver approves nothing, and a viewer does not see the request', async ({
  start,
  hosts,
  sandbox,
}) => {
  const service = await start()
  const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2))
  // Ada asks and is no approver; Tom sees no request of hers.
  expect((await decide(await browserOf(service, 'ada'), codeIn(asked), 'approve')).status).toBe(403)
  const tom = await browserOf(service, 'tom')
  expect((await tom.open(`https://mcp.example.com/approve/${codeIn(asked)}`)).status).toBe(404)
  expect(stateIn(service.folder, onlyPlan(service)).phase).toBe('proposed')
  expect(await countRuns(sandbox)).toBe(0)
})

describe('who proposed a rollout', () => {
  const everyone = {
    ada: { role: 'operator', person: 'Ada' },
    eve: { role: 'approver', person: 'Eve' },
    tom: { role: 'viewer', person: 'Tom' },
  } as const
  const { ada, ...others } = everyone

  test.for([
    { now: 'is removed', callers: others, reason: 'refused', says: 'has no access any more' },
    {
      now: 'is a viewer',
      callers: { ...everyone, ada: { role: 'viewer', person: 'Ada' } },
      reason: 'refused',
      says: 'may run no rollouts any more',
    },
    {
      now: 'has a token that ended',
      callers: { ...everyone, ada: { ...ada, expires: '2026-01-01' } },
      reason: 'refused',
      says: 'has no access any more',
    },
    {
      now: 'has a smaller limit',
      callers: { ...everyone, ada: { ...ada, maxAssetsPerRun: 2 } },
      reason: 'limit',
      says: 'has 3 hosts, and the limit of this caller is 2',
    },
  ] as const)(
    'and $now starts no further wave',
    async ({ callers, reason, says }, { start, hosts, sandbox }) => {
      const service = await start({ callers: everyone })
      const asked = await callAs(service, 'ada', propose, withLastApproved(hosts, 2, 3))
      const eve = await browserOf(service, 'eve')
      await decide(eve, codeIn(asked), 'approve')
      const planId = onlyPlan(service)
      await eventually(() => stateIn(service.folder, planId).waves[0]?.phase, 'ended')
      const code = await codeOfWave(service, planId)
      service.setCallers(callers)
      await decide(eve, code, 'approve')
      const { held } = await reaches(service, planId, 'held')
      expect(held).toMatchObject({ reason, why: expect.stringContaining(says) })
      expect(await countRuns(sandbox)).toBe(1)
    },
  )
})

test.for([
  { maxAssetsPerRun: 2, says: 'wave 2 of 2 has 3 hosts, and the limit of this caller is 2' },
  { tags: ['No such tag'], says: 'has no tag of the tags of this caller' },
])('who resumes a rollout is held to their own limits: $says', async (row, { start, hosts, sandbox }) => {
  const { says, ...limits } = row
  const callers = {
    ada: { role: 'operator', person: 'Ada' },
    cem: { role: 'operator', person: 'Cem', ...limits },
    eve: { role: 'approver', person: 'Eve' },
  } as const
  const service = await start({ callers })
  const asked = await callAs(service, 'ada', propose, withLastApproved(hosts, 2, 3))
  await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')
  const planId = onlyPlan(service)
  await eventually(() => stateIn(service.folder, planId).waves[0]?.phase, 'ended')
  const early = await callAs(service, 'cem', 'car_resume_rollout', { planId })
  expect(early.text).toContain(says)
  expect((await callAs(service, 'cem', 'car_hold_rollout', { planId })).isError).toBe(false)
  const late = await callAs(service, 'cem', 'car_resume_rollout', { planId })
  expect(late.text).toContain(says)
  expect(codeIn(late)).toBe('')
  // Who proposed it may.
  expect(codeIn(await callAs(service, 'ada', 'car_resume_rollout', { planId }))).not.toBe('')
  expect(await countRuns(sandbox)).toBe(1)
})

test('no reply, log or journal of a rollout holds a token of a caller', async ({ start, hosts }) => {
  const service = await start()
  const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2))
  await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')
  await reaches(service, onlyPlan(service), 'done')
  const texts = [
    asked.text,
    service.log.join('\n'),
    service.auditText(),
    JSON.stringify(linesIn(service.folder, onlyPlan(service))),
  ]
  for (const name of ['ada', 'eve']) expect(texts.findIndex((text) => text.includes(tokenOf(name)))).toBe(-1)
})
