import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { randomBytes } from '../../../../src/shared/crypto.ts'
import { digestOf } from '../../../../src/tools/effects/approval/approval-record.ts'
import { sealApproval } from '../../../../src/tools/effects/approval/approval-seal.ts'
import type { Approval } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import type { PlanApproval, PlanEvent } from '../../../../src/tools/plans/plan.ts'
import { inTerminal, onPage } from '../../../support/approvals/decisions.ts'
import { waitingFile } from '../../../support/forged/approved-files.ts'
import { countRuns } from '../../../support/plans/approval-server.ts'
import { linesIn, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'
import {
  callAs,
  eventually,
  onlyPlan,
  reaches,
  type ServiceRollouts,
  serviceRollouts as test,
} from '../../../support/plans/service-rollouts.ts'
import type { TestService } from '../../../support/service/service.ts'
import { browserOf, codeIn, decide } from '../../../support/service-page/page.ts'

// What is approved on the page is sealed with a key that comes from the secret of the account: it lasts for a restart,
// and whoever writes the state folder does not have it.

const propose = 'car_plan_rollout'

/** A service whose rollout of two waves was approved, and whose first wave has ended. */
async function withEndedWave(
  start: ServiceRollouts['start'],
  hosts: readonly string[],
): Promise<TestService> {
  const service = await start()
  const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2, 3))
  await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')
  await eventually(() => stateIn(service.folder, onlyPlan(service)).waves[0]?.phase, 'ended')
  return service
}

/** Ends a service, and starts another one on its folder. */
async function restart(
  service: TestService,
  start: ServiceRollouts['start'],
  settings: Environment = {},
): Promise<TestService> {
  await service.close()
  rmSync(join(service.folder, 'callers.json'))
  return start({ folder: service.folder, settings })
}

const notHere =
  'It was not approved on the page of this service, or before the password of its account changed, so it does not count. Resuming asks a person again.'

describe('after a restart of the service', () => {
  test('a rollout goes on', async ({ start, hosts, sandbox }) => {
    const service = await withEndedWave(start, hosts)
    const again = await restart(service, start)
    await reaches(again, onlyPlan(again), 'done')
    expect(await countRuns(sandbox)).toBe(2)
  })

  test('with another password it is held', async ({ start, hosts, sandbox }) => {
    const service = await withEndedWave(start, hosts)
    const again = await restart(service, start, { QUALYS_PASSWORD: 'another password' })
    const { held } = await reaches(again, onlyPlan(again), 'held')
    expect(held).toMatchObject({ reason: 'approval', why: notHere })
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('what was approved and not begun begins', async ({ start, hosts, sandbox }) => {
    const service = await start({ plansEveryMs: 3_600_000 })
    const asked = await callAs(service, 'ada', propose, rolloutOf(hosts, 2))
    await decide(await browserOf(service, 'eve'), codeIn(asked), 'approve')
    expect(stateIn(service.folder, onlyPlan(service)).phase).toBe('proposed')
    const again = await restart(service, start)
    await reaches(again, onlyPlan(again), 'done')
    expect(await countRuns(sandbox)).toBe(1)
  })
})

/** Writes the next line of a journal, as the program would. */
function write(folder: string, id: string, event: PlanEvent): void {
  const journals = openPlanFiles(folder)
  if (!journals.append(id, journals.read(id), event, 'Eve, on the approval page'))
    throw new Error('the line was not written')
}

const byLogin = (person: string): Approval => ({ way: 'page', by: 'login', person, at: Date.now() })

/** Ways to write that somebody approved a rollout, by who has the state folder and not the secret of the account. */
const forgeries: Readonly<
  Record<string, (yes: Pick<PlanApproval, 'record' | 'digest' | 'asker'>) => PlanApproval>
> = {
  'a login without a seal': (yes) => ({
    ...yes,
    approvedBy: 'Eve',
    way: 'elsewhere',
    approval: byLogin('Eve'),
  }),
  'the seal of another key': (yes) => ({
    ...yes,
    approvedBy: 'Eve',
    way: 'elsewhere',
    approval: sealApproval(randomBytes(32), yes.digest, byLogin('Eve')),
  }),
  'nobody who asked': ({ record, digest }) => ({
    record,
    digest,
    approvedBy: 'Eve',
    way: 'elsewhere',
    approval: byLogin('Eve'),
  }),
  'the page key of a server over stdio': ({ record, digest }) => ({
    record,
    digest,
    approvedBy: 'a person',
    way: 'elsewhere',
    approval: onPage(),
  }),
  'a terminal': (yes) => ({ ...yes, approvedBy: 'a person', way: 'elsewhere', approval: inTerminal() }),
  'a form': (yes) => ({ ...yes, approvedBy: 'a person', way: 'form' }),
  'the settings': (yes) => ({ ...yes, approvedBy: 'settings', way: 'settings' }),
}

test('a yes that the page of the service did not seal lets nothing run', async ({
  start,
  hosts,
  sandbox,
}) => {
  const service = await start({ plansEveryMs: 3_600_000 })
  const { folder } = service
  const asker = { name: 'ada', person: 'Ada', knownBy: 'callers file' }
  for (const [name, forge] of Object.entries(forgeries)) {
    const asked = await callAs(service, 'ada', propose, { ...rolloutOf(hosts, 2), description: name })
    const { record, digest } = waitingFile(folder, codeIn(asked))
    const id = plansIn(folder).find((one) => stateIn(folder, one).plan.description === name) ?? ''
    write(folder, id, { kind: 'approved', approval: forge({ record, digest, asker }) })
  }
  // A whole plan of a server over stdio, which has neither caller nor seal.
  const [one = ''] = plansIn(folder)
  const [first] = linesIn(folder, one)
  if (first?.kind !== 'proposed') throw new Error('it begins with something else')
  const { id: _, caller: _caller, ...rest } = first.plan
  const local = { ...rest, id: 'STDH7PAN', caller: { id: 'stdio' } } as const
  write(folder, local.id, { kind: 'proposed', plan: local, digest: first.digest })
  const record = { ...waitingRecord(folder, one), caller: 'stdio' }
  write(folder, local.id, {
    kind: 'approved',
    approval: {
      record,
      digest: digestOf(record),
      approvedBy: 'a person',
      way: 'elsewhere',
      approval: onPage(),
    },
  })
  const again = await restart(service, start)
  for (const id of plansIn(folder)) {
    const { held } = await reaches(again, id, 'held')
    expect(held?.reason, id).toBe('approval')
  }
  expect(await countRuns(sandbox)).toBe(0)
})

const waitingRecord = (folder: string, id: string) => {
  const line = linesIn(folder, id).find(({ kind }) => kind === 'approved')
  if (line?.kind !== 'approved') throw new Error('it was not approved')
  return line.approval.record
}

describe('four eyes', () => {
  const settings = { QUALYS_FOUR_EYES: 'execute' }

  test('are those of who asked, whoever the journal says that was', async ({ start, hosts, sandbox }) => {
    // Without four eyes Ada may say yes to her own rollout.
    const service = await start({ plansEveryMs: 3_600_000 })
    const asked = await callAs(service, 'adas', propose, rolloutOf(hosts, 2))
    await decide(await browserOf(service, 'adas'), codeIn(asked), 'approve')
    const reply = await callAs(service, 'adas', propose, rolloutOf(hosts, 2))
    expect(reply.isError).toBe(false)
    const planId = onlyPlan(service)
    const [proposed, approved] = linesIn(service.folder, planId)
    if (proposed?.kind !== 'proposed' || approved?.kind !== 'approved') throw new Error('it was not approved')
    // Somebody writes that Bob asked, so that the yes of Ada would be that of another person.
    rmSync(join(service.folder, 'plans', planId), { recursive: true })
    write(service.folder, planId, { kind: 'proposed', plan: proposed.plan, digest: proposed.digest })
    const asker = { name: 'bob', person: 'Bob', knownBy: 'callers file' }
    write(service.folder, planId, { kind: 'approved', approval: { ...approved.approval, asker } })
    const again = await restart(service, start, settings)
    const { held } = await reaches(again, planId, 'held')
    expect(held).toMatchObject({
      reason: 'approval',
      why: 'The approval in the journal is for something else than this plan. Resuming asks a person again.',
    })
    expect(await countRuns(sandbox)).toBe(0)
  })

  test('hold what its own asker approved before they were asked for', async ({ start, hosts, sandbox }) => {
    const service = await start({ plansEveryMs: 3_600_000 })
    const asked = await callAs(service, 'adas', propose, rolloutOf(hosts, 2))
    await decide(await browserOf(service, 'adas'), codeIn(asked), 'approve')
    await callAs(service, 'adas', propose, rolloutOf(hosts, 2))
    const again = await restart(service, start, settings)
    const { held } = await reaches(again, onlyPlan(again), 'held')
    expect(held?.why).toBe(
      'It was approved by the person who asks, but another person has to approve it. Resuming asks a person again.',
    )
    expect(await countRuns(sandbox)).toBe(0)
  })
})
