import { describe, expect } from 'vitest'
import { decideWithKey } from '../../../support/approvals/local-person.ts'
import { longWait } from '../../../support/approvals/local-server.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import { countRuns, decideAt, approvalTest as test } from '../../../support/plans/approval-server.ts'
import { goOn, linesIn, pass, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'

// Rollouts that wait for a person after their call gave up.

const propose = 'car_plan_rollout'
const places = ['page', 'terminal'] as const

describe('a rollout whose call gave up', () => {
  test.for(places)(
    'begins with the next move once it was approved: %s',
    async (place, { open, hosts, sandbox }) => {
      const server = await open({ capabilities: {} })
      const { stateDir } = server
      const args = rolloutOf(hosts, 2, 3)
      const asked = await server.ask(propose, args)
      const [id = ''] = plansIn(stateDir)
      const waiting = await server.ask('car_get_rollout', { planId: id })
      expect(waiting.text).toMatch(
        new RegExp(
          `: proposed[^]*Nobody has approved it yet: ask the person to open http://localhost:\\d+/approve/${codeIn(asked)} \\(on the machine where this server runs\\), or run \`qualys-mcp approve ${codeIn(asked)} --state-dir ${stateDir}\` within ten minutes\\. It begins then\\.`,
        ),
      )
      await decideAt(place, server, codeIn(asked))
      await goOn(server, 3)
      expect(stateIn(stateDir, id)).toMatchObject({ phase: 'done', approval: { way: 'elsewhere' } })
      expect(linesIn(stateDir, id)[1]).toMatchObject({
        kind: 'approved',
        who: place === 'page' ? 'a person, on the approval page' : 'a person, in a terminal',
      })
      expect(await countRuns(sandbox)).toBe(2)
    },
  )

  test('is what the identical call tells of afterwards, and no second one', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const server = await open({ capabilities: {} })
    const args = rolloutOf(hosts, 2, 3)
    await decideAt('page', server, codeIn(await server.ask(propose, args)))
    await goOn(server, 1)
    const again = await server.ask(propose, args)
    const [id, ...others] = plansIn(server.stateDir)
    expect(others).toEqual([])
    expect([again.isError, again.text]).toEqual([false, expect.stringContaining(`rollout ${id} of script`)])
    await goOn(server, 3)
    expect(await countRuns(sandbox)).toBe(2)
    // A later one is meant as another.
    pass(11)
    expect((await server.ask(propose, args)).isError).toBe(true)
    expect(plansIn(server.stateDir)).toHaveLength(2)
  })

  test.for(places)(
    'is stopped if it was declined, with who said so: %s',
    async (place, { open, hosts, sandbox }) => {
      const server = await open({ capabilities: {} })
      const asked = await server.ask(propose, rolloutOf(hosts, 2, 3))
      await decideAt(place, server, codeIn(asked), { decision: 'decline' })
      await goOn(server, 1)
      const [id = ''] = plansIn(server.stateDir)
      const by = place === 'page' ? 'a person, on the approval page' : 'a person, in a terminal'
      expect(stateIn(server.stateDir, id)).toMatchObject({
        phase: 'stopped',
        stopped: { why: `It was declined by ${by}.`, who: by },
      })
      expect((await server.ask('car_get_rollout', { planId: id })).text).toContain(
        `It was declined by ${by}.`,
      )
      expect(await countRuns(sandbox)).toBe(0)
    },
  )

  test('waits again with another code after ten minutes, as the same rollout', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const server = await open({ capabilities: {} })
    const args = rolloutOf(hosts, 2)
    const first = codeIn(await server.ask(propose, args))
    pass(11)
    await server.move()
    const [id = ''] = plansIn(server.stateDir)
    expect((await server.ask('car_get_rollout', { planId: id })).text).toContain(
      'Nobody has approved it: propose it again with the same arguments.',
    )
    const second = codeIn(await server.ask(propose, args))
    expect(second).not.toBe(first)
    expect(plansIn(server.stateDir)).toEqual([id])
    await decideAt('page', server, second)
    await goOn(server, 1)
    expect(stateIn(server.stateDir, id).phase).toBe('done')
    expect(await countRuns(sandbox)).toBe(1)
  })
})

describe('the identical call', () => {
  test('while it waits is about the same rollout, and another call about another', async ({
    open,
    hosts,
  }) => {
    const server = await open({ capabilities: {} })
    const args = rolloutOf(hosts, 2, 3)
    const codes = [codeIn(await server.ask(propose, args)), codeIn(await server.ask(propose, { ...args }))]
    expect(codes[0]).toBe(codes[1])
    expect(plansIn(server.stateDir)).toHaveLength(1)
    const others = [
      { ...args, description: 'Another' },
      { ...args, stopAfter: { wave: '49%' } },
      rolloutOf(hosts, 3, 2),
    ]
    for (const other of others) expect(codeIn(await server.ask(propose, other))).not.toBe(codes[0])
    expect(plansIn(server.stateDir)).toHaveLength(4)
  })

  test('of another server on the folder is about the same rollout, and one yes lets it begin once', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const one = await open({ capabilities: {} })
    const two = await open({ capabilities: {}, stateDir: one.stateDir })
    const args = rolloutOf(hosts, 2)
    const code = codeIn(await one.ask(propose, args))
    expect(codeIn(await two.ask(propose, args))).toBe(code)
    await decideAt('terminal', two, code)
    await Promise.all([one.move(), two.move()])
    await goOn(two, 1)
    expect(plansIn(one.stateDir)).toHaveLength(1)
    expect(await countRuns(sandbox)).toBe(1)
  })
})

describe('a call that still waits', () => {
  test('tells of its rollout, even if a runner saw the yes first', async ({ open, hosts, sandbox }) => {
    const server = await open({ capabilities: {}, callTimes: longWait, hasScreen: true })
    const runner = await open({ capabilities: {}, stateDir: server.stateDir })
    const reply = server.ask(propose, rolloutOf(hosts, 2, 3))
    await expect.poll(() => server.opened.length).toBe(1)
    const code = /[2-9A-Z]{4}-[2-9A-Z]{4}$/.exec(server.opened[0]?.fields['path'] ?? '')?.[0] ?? ''
    await decideWithKey(server, code)
    await runner.move()
    expect(await reply).toMatchObject({
      isError: false,
      text: expect.stringMatching(/^rollout \w{8} of script .*: running/),
    })
    expect(plansIn(server.stateDir)).toHaveLength(1)
    await goOn(runner, 3)
    expect(await countRuns(sandbox)).toBe(2)
  })

  test('hears of a no, and its rollout is stopped', async ({ open, hosts, sandbox }) => {
    const server = await open({ capabilities: {}, callTimes: longWait, hasScreen: true })
    const reply = server.ask(propose, rolloutOf(hosts, 2, 3))
    await expect.poll(() => server.opened.length).toBe(1)
    const code = /[2-9A-Z]{4}-[2-9A-Z]{4}$/.exec(server.opened[0]?.fields['path'] ?? '')?.[0] ?? ''
    await decideWithKey(server, code, 'decline')
    expect((await reply).text).toMatch(/^A person said no on the approval page, so nothing was sent\./)
    await goOn(server, 1)
    const [id = ''] = plansIn(server.stateDir)
    expect(stateIn(server.stateDir, id).phase).toBe('stopped')
    expect(await countRuns(sandbox)).toBe(0)
  })
})
