import { readFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { pathOf, removeFiles, waitingFile, writeFile } from '../../../support/forged/approved-files.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import { countRuns, decideAt, approvalTest as test } from '../../../support/plans/approval-server.ts'
import { openForger, otherPlan, signed, writeLine, yesOf } from '../../../support/plans/forged-plans.ts'
import { goOn, linesIn, pass, plansIn, stateIn } from '../../../support/plans/rollout-test.ts'

// A yes is for one rollout, one resumption or one wave, and is used once.

describe('a yes is used once', () => {
  test('to a rollout it is none to resume it, and one to resume is none to resume again', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const { server, key, stateDir, propose } = await openForger(open)
    const { plan, code } = await propose(hosts)
    await decideAt('passkey', server, code, { key })
    await goOn(server, 1)
    const { sha256 } = plan.script
    const hold = () => server.ask('car_hold_rollout', { planId: plan.id })
    const heldFor = (): readonly unknown[] => {
      const { phase, held } = stateIn(stateDir, plan.id)
      return [phase, held?.reason, held?.why]
    }
    await hold()
    writeLine(stateDir, plan.id, { kind: 'resumed', approval: yesOf(stateDir, plan), sha256 })
    await goOn(server, 1)
    expect(heldFor()).toEqual(['held', 'approval', otherPlan])
    // A real one lets it go on.
    const asked = await server.ask('car_resume_rollout', { planId: plan.id })
    await decideAt('passkey', server, codeIn(asked), { key })
    await server.ask('car_resume_rollout', { planId: plan.id })
    const { approval } = stateIn(stateDir, plan.id)
    if (!approval) throw new Error('it was not resumed')
    await hold()
    writeLine(stateDir, plan.id, { kind: 'resumed', approval, sha256 })
    await goOn(server, 1)
    expect(heldFor()).toEqual(['held', 'approval', otherPlan])
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('to a resumption it is none for other content, another run or a wave', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const { server, key, stateDir, propose } = await openForger(open)
    const { plan, code } = await propose(hosts, true)
    await decideAt('passkey', server, code, { key })
    await goOn(server, 1)
    await server.ask('car_hold_rollout', { planId: plan.id })
    const asked = await server.ask('car_resume_rollout', { planId: plan.id })
    const { record, digest } = waitingFile(stateDir, codeIn(asked))
    const approval = {
      record,
      digest,
      approvedBy: 'Anna',
      way: 'elsewhere',
      approval: signed(server, key, digest),
    } as const
    writeLine(stateDir, plan.id, { kind: 'approved', wave: 1, approval })
    writeLine(stateDir, plan.id, { kind: 'resumed', approval, sha256: plan.script.sha256 })
    pass(1)
    await server.move()
    // The resumption counts; the wave was not approved by it.
    expect(stateIn(stateDir, plan.id)).toMatchObject({
      phase: 'held',
      held: { reason: 'approval', why: otherPlan },
    })
    writeLine(stateDir, plan.id, { kind: 'resumed', approval, sha256: 'b'.repeat(64) })
    pass(1)
    await server.move()
    // The yes to the wave did not count, so that a person is asked for it anew.
    const { phase, waves } = stateIn(stateDir, plan.id)
    expect([phase, waves[1]?.phase, waves[1]?.approval]).toEqual(['running', 'waiting', undefined])
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('its file that somebody puts back begins nothing again', async ({ open, hosts, sandbox }) => {
    const { server, key, stateDir, propose } = await openForger(open)
    const { plan, code, args, file } = await propose(hosts)
    await decideAt('passkey', server, code, { key })
    const approved = readFileSync(pathOf(stateDir, file.digest), 'utf8')
    await goOn(server, 1)
    expect(await countRuns(sandbox)).toBe(1)
    const lines = linesIn(stateDir, plan.id).length
    const again = await open({ capabilities: {}, stateDir, settings: { QUALYS_PASSKEY_FOR: 'execute' } })
    for (const one of [server, again]) {
      removeFiles(stateDir, 'used')
      writeFile(stateDir, approved, `${file.digest}.approved`)
      await one.move()
      // The call is about the rollout that runs.
      const { text } = await one.ask('car_plan_rollout', args)
      expect(text).toContain(`rollout ${plan.id}`)
    }
    await server.ask('car_stop_rollout', { planId: plan.id })
    writeFile(stateDir, approved, `${file.digest}.approved`)
    await again.move()
    // Proposed again it is another rollout, and that yes is none to it.
    const other = await again.ask('car_plan_rollout', args)
    expect(other.text).toContain('only a passkey on the approval page counts')
    await goOn(again, 2)
    expect(plansIn(stateDir)).toHaveLength(2)
    expect(linesIn(stateDir, plan.id)).toHaveLength(lines + 1)
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('to one wave it is none to the next', async ({ open, hosts, sandbox }) => {
    const { server, key, stateDir, propose } = await openForger(open)
    const { plan, code } = await propose(hosts, true)
    await decideAt('passkey', server, code, { key })
    await goOn(server, 2)
    const { text } = await server.ask('car_get_rollout', { planId: plan.id })
    await decideAt('passkey', server, codeIn({ text: text.slice(text.indexOf('waits for')) }), { key })
    await server.move()
    expect(await countRuns(sandbox)).toBe(2)
    const approval = stateIn(stateDir, plan.id).waves[1]?.approval
    if (!approval) throw new Error('wave 2 was not approved')
    writeLine(stateDir, plan.id, { kind: 'approved', wave: 2, approval })
    await goOn(server, 3)
    expect(stateIn(stateDir, plan.id)).toMatchObject({
      phase: 'held',
      held: { reason: 'approval', why: otherPlan, wave: 2 },
    })
    expect(await countRuns(sandbox)).toBe(2)
  })
})
