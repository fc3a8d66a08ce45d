import { describe, expect } from 'vitest'
import { eras, yes } from '../../../support/consent/raw-client.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import {
  type ApprovalServer,
  annasFolder,
  countRuns,
  decideAt,
  type Place,
  approvalTest as test,
} from '../../../support/plans/approval-server.ts'
import {
  goOn,
  linesIn,
  pass,
  plansIn,
  rolloutOf,
  scriptId,
  stateIn,
} from '../../../support/plans/rollout-test.ts'

// Resuming a held rollout needs what the rollout needed, in every way in which a person can say yes.

const resume = 'car_resume_rollout'
const route = 'POST /sm/v1/scripts/{scriptId}/execute'

/** A rollout of two waves whose first one has run, and that a person holds. */
async function heldRollout(server: ApprovalServer, args: object, approve: (code: string) => Promise<void>) {
  const asked = await server.ask('car_plan_rollout', args, yes)
  if (asked.isError) await approve(codeIn(asked))
  await server.move()
  const [planId = ''] = plansIn(server.stateDir)
  await server.ask('car_hold_rollout', { planId, reason: 'Wait for the night' })
  await goOn(server, 2)
  return planId
}

describe('a held rollout', () => {
  test.for(eras)(
    'goes on after a form of a %s client, and not after a no',
    async (era, { open, hosts, sandbox }) => {
      const server = await open({ era })
      const planId = await heldRollout(server, rolloutOf(hosts, 2, 3), async () => undefined)
      const no = await server.ask(resume, { planId }, { action: 'accept', content: { approve: false } })
      expect([no.isError, no.text]).toEqual([
        true,
        expect.stringMatching(/^The person said no, so nothing was sent\./),
      ])
      await goOn(server, 1)
      expect(stateIn(server.stateDir, planId).phase).toBe('held')
      const resumed = await server.ask(resume, { planId }, yes)
      expect(resumed.text).toMatch(/: running/)
      const question = String(server.client.questions.at(-1)?.['message'])
      expect(question).toMatch(/Resume a rollout .*1 wave left, 3 hosts/)
      expect(question).toMatch(/Held \(person\): .*Wait for the night/)
      await goOn(server, 2)
      expect(stateIn(server.stateDir, planId).phase).toBe('done')
      expect(await countRuns(sandbox)).toBe(2)
    },
  )

  test.for(
    eras.flatMap((era) => (['page', 'terminal', 'passkey'] as const).map((place) => [era, place] as const)),
  )('goes on after a yes elsewhere: %s client, %s', async ([era, place], { open, hosts, sandbox }) => {
    const { key, stateDir } = annasFolder()
    const settings = place === 'passkey' ? { QUALYS_PASSKEY_FOR: 'execute' } : {}
    const server = await open({ era, capabilities: {}, stateDir, settings })
    const decide = (code: string, decision?: 'decline') =>
      decideAt(place as Place, server, code, { key, ...(decision && { decision }) })
    const planId = await heldRollout(server, rolloutOf(hosts, 2, 3), (code) => decide(code))
    const asked = await server.ask(resume, { planId })
    await goOn(server, 1)
    expect(await countRuns(sandbox)).toBe(1)
    await decide(codeIn(asked))
    // A runner takes no yes to resume: the identical call does.
    await goOn(server, 1)
    expect(stateIn(stateDir, planId).phase).toBe('held')
    expect((await server.ask(resume, { planId })).text).toMatch(/: running/)
    await goOn(server, 2)
    expect(stateIn(stateDir, planId).phase).toBe('done')
    expect(await countRuns(sandbox)).toBe(2)
  })

  test('in mode unattended it is resumed without a person, but for a passkey that is asked for', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const server = await open({ settings: { QUALYS_MODE: 'unattended' } })
    const { stateDir } = server
    const planId = await heldRollout(server, rolloutOf(hosts, 2, 3), async () => undefined)
    const strict = await open({
      stateDir,
      settings: { QUALYS_MODE: 'unattended', QUALYS_PASSKEY_FOR: 'execute' },
    })
    const asked = await strict.ask(resume, { planId }, yes)
    expect([asked.isError, asked.text]).toEqual([
      true,
      expect.stringContaining('only a passkey on the approval page counts'),
    ])
    expect((await server.ask(resume, { planId })).isError).toBe(false)
    expect(server.client.questions).toEqual([])
    await goOn(server, 2)
    expect(await countRuns(sandbox)).toBe(2)
  })

  test('that somebody stopped while a person was asked does not go on', async ({ open, hosts, sandbox }) => {
    const server = await open({ capabilities: {} })
    const planId = await heldRollout(server, rolloutOf(hosts, 2, 3), (code) => decideAt('page', server, code))
    const asked = await server.ask(resume, { planId })
    await server.ask('car_stop_rollout', { planId })
    await decideAt('page', server, codeIn(asked))
    const { isError, text } = await server.ask(resume, { planId })
    expect([isError, text]).toEqual([
      true,
      expect.stringMatching(/is stopped, and only a held one can be resumed\. A stopped rollout is over/),
    ])
    await goOn(server, 2)
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('that was held once more while a person was asked is asked about again', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const server = await open({ capabilities: {} })
    const { stateDir } = server
    const planId = await heldRollout(server, rolloutOf(hosts, 2, 3), (code) => decideAt('page', server, code))
    const first = codeIn(await server.ask(resume, { planId }))
    const other = await open({ stateDir })
    await other.ask(resume, { planId }, yes)
    await other.ask('car_hold_rollout', { planId, reason: 'For another reason' })
    await decideAt('page', server, first)
    const again = await server.ask(resume, { planId })
    expect(again.isError).toBe(true)
    expect(codeIn(again)).not.toBe(first)
    expect(stateIn(stateDir, planId).phase).toBe('held')
    expect(await countRuns(sandbox)).toBe(1)
  })
})

/** A rollout whose first wave was sent without an answer: held once that cannot be on its way any more. */
async function withUnprovedWave(server: ApprovalServer, hosts: readonly string[]): Promise<string> {
  await server.ask('car_plan_rollout', rolloutOf(hosts, 2, 3), yes)
  const [planId = ''] = plansIn(server.stateDir)
  await server.move()
  expect(stateIn(server.stateDir, planId).waves[0]?.phase).toBe('sending')
  return planId
}

const lookup = { QUALYS_PLAN_LOOKUP_SECONDS: '5' } as const

describe('a wave whose request was not answered', () => {
  test('is sent again only after a person said that it did not run', async ({ open, hosts, sandbox }) => {
    const server = await open({ settings: lookup })
    await sandbox.control.faults([{ route, kind: 'reset', times: 1 }])
    const planId = await withUnprovedWave(server, hosts)
    pass(5)
    await server.move()
    expect(stateIn(server.stateDir, planId)).toMatchObject({
      phase: 'held',
      held: { reason: 'unproved run', wave: 0 },
    })
    for (const [args, sentence] of [
      [{}, /^Whether wave 1 of 2 ran is not known\. Have a person look/],
      [{ adopt: '1', notRun: true }, /^adopt and notRun contradict each other\./],
      [{ adopt: '987654321' }, /^There is no run 987654321\./],
    ] as const) {
      const { isError, text } = await server.ask(resume, { planId, ...args }, yes)
      expect([isError, text]).toEqual([true, expect.stringMatching(sentence)])
    }
    expect(server.client.questions).toHaveLength(1)
    await server.ask(resume, { planId, notRun: true }, yes)
    expect(String(server.client.questions.at(-1)?.['message'])).toContain(
      'It is taken for certain that nobody ran wave 1: it is sent again. If there is a run after all, the script runs twice on 2 hosts.',
    )
    expect(linesIn(server.stateDir, planId).at(-1)).toMatchObject({ kind: 'resumed', notRun: true })
    await goOn(server, 3)
    expect(stateIn(server.stateDir, planId).phase).toBe('done')
    expect(await countRuns(sandbox)).toBe(2)
  })

  test('takes the run that a person names', async ({ open, hosts, sandbox }) => {
    const server = await open({ settings: lookup })
    await sandbox.control.faults([{ route, kind: 'resetAfterBody', times: 1 }])
    const planId = await withUnprovedWave(server, hosts)
    // A colleague runs the script on the same hosts within the same minutes.
    await sandbox.control.portalRun({ scriptId: Number(scriptId), assetIds: hosts.slice(0, 2).map(Number) })
    pass(5)
    await server.move()
    const { held } = stateIn(server.stateDir, planId)
    expect(held).toMatchObject({ reason: 'unproved run', wave: 0 })
    expect(held?.candidates).toHaveLength(2)
    const adopt = held?.candidates?.[1]?.jobId ?? ''
    await server.ask(resume, { planId, adopt }, yes)
    expect(String(server.client.questions.at(-1)?.['message'])).toMatch(
      new RegExp(
        `The run below is taken for that of wave 1, with 2 hosts: this wave is not sent again\\.[^]*${adopt}`,
      ),
    )
    expect(stateIn(server.stateDir, planId).waves[0]).toMatchObject({
      phase: 'sent',
      run: { jobId: adopt, adopted: 'by a person' },
    })
    await goOn(server, 3)
    expect(stateIn(server.stateDir, planId).phase).toBe('done')
    // The lost run, that of the colleague, and wave 2.
    expect(await countRuns(sandbox)).toBe(3)
  })

  test.for(['page', 'terminal', 'passkey'] as const)(
    'needs the same yes as any other resumption: %s',
    async (place, { open, hosts, sandbox }) => {
      const { key, stateDir } = annasFolder()
      const settings = { ...lookup, ...(place === 'passkey' && { QUALYS_PASSKEY_FOR: 'execute' }) }
      const server = await open({ capabilities: {}, stateDir, settings })
      await sandbox.control.faults([{ route, kind: 'reset', times: 1 }])
      await decideAt(place, server, codeIn(await server.ask('car_plan_rollout', rolloutOf(hosts, 2))), {
        key,
      })
      const [planId = ''] = plansIn(stateDir)
      await server.move()
      pass(5)
      await server.move()
      const call = (): ReturnType<typeof server.ask> => server.ask(resume, { planId, notRun: true })
      const code = codeIn(await call())
      await goOn(server, 1)
      expect(await countRuns(sandbox)).toBe(0)
      await decideAt(place, server, code, { key })
      await call()
      await goOn(server, 1)
      expect(await countRuns(sandbox)).toBe(1)
      expect(stateIn(stateDir, planId).phase).toBe('done')
    },
  )

  test('is no matter for a person while its request may still be on its way', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const server = await open({ settings: lookup })
    await sandbox.control.faults([{ route, kind: 'resetAfterBody', times: 1 }])
    const planId = await withUnprovedWave(server, hosts)
    await server.ask('car_hold_rollout', { planId })
    const early = await server.ask(resume, { planId, notRun: true }, yes)
    expect([early.isError, early.text]).toEqual([
      true,
      'The request of wave 1 of 2 may still be on its way, so adopt and notRun cannot be known yet. Leave them out: its run is looked for, and the rollout is held again if that cannot be told.',
    ])
    expect((await server.ask(resume, { planId }, yes)).isError).toBe(false)
    await server.move()
    expect(stateIn(server.stateDir, planId).waves[0]?.phase).toBe('sending')
    pass(5)
    await goOn(server, 3)
    expect(linesIn(server.stateDir, planId).find(({ kind }) => kind === 'sent')).toMatchObject({
      adopted: expect.stringMatching(/^by its (mark|hosts)$/),
    })
    expect(stateIn(server.stateDir, planId).phase).toBe('done')
    expect(await countRuns(sandbox)).toBe(2)
  })
})
