import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { plansTest as test, well } from '../../support/plans/plans-test.ts'
import { pass, propose, rolloutOf } from '../../support/plans/rollout-test.ts'

// `plans list` and `plans show`, in this process, on the state folder of a server.

describe('plans list', () => {
  test('without a rollout says so, and makes no folder', async ({ plans, folder }) => {
    expect(await plans.read()).toEqual({ ...well, printed: [`No rollout is kept in ${folder}.`] })
    expect(readdirSync(folder)).toEqual([])
  })

  test('shows open ones, the last changed first, and ended ones with --all', async ({
    plans,
    server,
    hosts,
  }) => {
    const first = await propose(server, rolloutOf(hosts, 2))
    pass(1)
    const second = await propose(server, rolloutOf(hosts, 3, 1))
    const headline = (id: string, rest: string) =>
      expect.stringMatching(new RegExp(`^rollout ${id} of script 19218 .*: ${rest}$`))
    const both = [
      headline(second, 'running, wave 1 of 2 waiting'),
      headline(first, 'running, wave 1 of 1 waiting'),
    ]
    expect(await plans.read()).toEqual({ ...well, printed: both })
    pass(1)
    await server.call('car_stop_rollout', { planId: first })
    expect(await plans.read('list')).toEqual({ ...well, printed: both.slice(0, 1) })
    expect((await plans.read('--all')).printed).toEqual([
      headline(first, 'stopped, wave 1 of 1 not begun'),
      headline(second, '.*'),
    ])
    await server.call('car_stop_rollout', { planId: second })
    expect((await plans.read()).printed).toEqual([
      'No rollout is open; `qualys-mcp plans list --all` shows 2 ended ones.',
    ])
  })

  test('names the accounts if there are several', async ({ plans, serve, hosts, sandbox }) => {
    await propose(await serve(), rolloutOf(hosts, 2))
    expect((await plans.read()).printed.join()).not.toContain(sandbox.username)
    await propose(await serve({ QUALYS_USERNAME: 'no-saq' }), rolloutOf(hosts, 2))
    const { printed } = await plans.read()
    expect(printed).toHaveLength(2)
    expect(printed.filter((line) => line.includes(` ${sandbox.username} on `))).toHaveLength(1)
    expect(printed.filter((line) => line.includes(' no-saq on '))).toHaveLength(1)
  })

  test('tells damaged journals, and shows the others', async ({ plans, server, hosts, folder }) => {
    const good = await propose(server, rolloutOf(hosts, 2))
    const bad = await propose(server, rolloutOf(hosts, 3))
    writeFileSync(join(folder, 'plans', bad, '000002.json'), '{}\n')
    const { exitCode, printed, warned } = await plans.read()
    expect({ exitCode, printed, warned }).toEqual({
      exitCode: 1,
      printed: [expect.stringContaining(`rollout ${good} `)],
      warned: [
        expect.stringMatching(
          new RegExp(`^The journal of plan ${bad} is damaged: line 2 .*Ask the operator`),
        ),
      ],
    })
    for (const words of [
      ['show', bad],
      ['show', bad, '--jsonl'],
      ['approve', bad],
    ])
      expect(await plans.read(...words)).toEqual({ exitCode: 1, printed: [], warned, log: [] })
  })
})

describe('plans show', () => {
  test('prints what car_get_rollout says, without an account', async ({ plans, server, hosts }) => {
    const id = await propose(server, rolloutOf(hosts, 2, 3))
    await server.move()
    const { text } = await server.call('car_get_rollout', { planId: id })
    const said = text.replace(/\nNote: This process does not move it on: .*$/, '')
    expect(await plans.read('show', id.toLowerCase())).toEqual({ ...well, printed: [said] })
  })

  test('--jsonl prints every line of the journal as it is', async ({ plans, server, hosts, folder }) => {
    const id = await propose(server, rolloutOf(hosts, 2))
    await server.move()
    const place = join(folder, 'plans', id)
    const names = readdirSync(place)
      .filter((name) => /^\d+\.json$/.test(name))
      .sort()
    expect(names.length).toBeGreaterThan(3)
    const text = names.map((name) => readFileSync(join(place, name), 'utf8')).join('')
    const { printed } = await plans.read('show', id, '--jsonl')
    expect(printed.map((one) => `${one}\n`)).toEqual([text])
  })

  test.for(['show', 'approve'])('of none is exit code 1: %s', async (word, { plans, folder }) => {
    for (const [id, shown] of [
      ['ZZZZZZZZ', 'ZZZZZZZZ'],
      ['../passwd', '../PASSWD'],
      ['\u001b[2J', ''],
    ] as const)
      expect(await plans.read(word, id)).toMatchObject({
        exitCode: 1,
        printed: [],
        warned: [expect.stringContaining(`There is no rollout ${shown} in ${folder}: QUALYS_STATE_DIR`)],
      })
  })
})
