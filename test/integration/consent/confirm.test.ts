import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { eras, meet, yes } from '../../support/consent/by-hand.ts'
import { effectCalls } from '../../support/consent/calls.ts'
import { effectsAt, openSandbox } from '../../support/sandbox.ts'

// QUALYS_CONFIRM: which effects a person is asked about.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(() => sandbox.close())
beforeEach(() => sandbox.control.reset())

const kinds = Object.keys(effectCalls) as (keyof typeof effectCalls)[]
const pairs = kinds.flatMap((confirm) => kinds.map((effect) => ({ confirm, effect })))

/** Calls whose effect depends on what they change; no active schedule runs this script. */
const update = (changes: object) => ['car_update_script', { scriptId: 19218, ...changes }] as const
const repository = { sourceUrl: 'https://github.com/acme/scripts/blob/main/a.ps1', branch: 'main' }

describe.each(eras)('%s era', (era) => {
  test.each(pairs)('QUALYS_CONFIRM=$confirm, a call with the effect $effect', async ({ confirm, effect }) => {
    const client = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: confirm } })
    const [tool, args] = effectCalls[effect]()
    await client.whole(tool, args, { action: 'decline' })
    expect(client.asked).toHaveLength(effect === confirm ? 1 : 0)
    expect(await effectsAt(sandbox.control)).toHaveLength(effect === confirm ? 0 : 1)
  })

  test.each([
    ['content', update({ content: 'Get-Date', comment: 'simpler' })],
    ['a repository', update(repository)],
    ['a repository to sync with', update({ ...repository, sync: true })],
    ['parameters', update({ params: [{ key: 'path', value: '/' }] })],
    ['a title beside content', update({ title: 'New', content: 'Get-Date', comment: 'simpler' })],
  ])('an update with %s counts as execute', async (_what, [tool, args]) => {
    const client = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: 'execute' } })
    await client.whole(tool, args, { action: 'decline' })
    expect(client.asked).toHaveLength(1)
    expect(client.asked[0]?.['message']).toMatch(/^Update a script \(execute\)/)
    expect(await effectsAt(sandbox.control)).toEqual([])
  })

  test.each([
    ['a title', update({ title: 'Only a title' })],
    ['a description', update({ description: 'Content of the reporting database' })],
    ['a severity', update({ severity: 2 })],
  ])('an update with %s alone counts as update', async (_what, [tool, args]) => {
    const free = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: 'execute' } })
    await free.whole(tool, args, { action: 'decline' })
    expect(free.asked).toEqual([])
    expect(await effectsAt(sandbox.control)).toHaveLength(1)
    const careful = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: 'update' } })
    await careful.whole(tool, args, { action: 'decline' })
    expect(careful.asked[0]?.['message']).toMatch(/^Update a script \(update\)/)
    expect(await effectsAt(sandbox.control)).toHaveLength(1)
  })

  test.each([
    [
      'car_create_script',
      {
        ...{
          title: 'Approved',
          typeId: 1,
          subType: 'Response',
          languageId: 201,
          platform: 'WINDOWS',
          severity: 1,
        },
        ...{ content: 'Get-Date', scriptApprovalUserConsent: true },
      },
    ],
    ['car_update_script', { scriptId: 19218, scriptApprovalUserConsent: true }],
    [
      'car_import_library_script',
      {
        id: 234564,
        title: 'x',
        categoryId: 1,
        typeId: 1,
        typeName: 'Custom Script',
        subType: 'Detection',
        approved: true,
      },
    ],
  ])('%s that approves is no less than a run', async (tool, args) => {
    const client = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: 'execute' } })
    await client.whole(tool, args, { action: 'decline' })
    expect(client.asked).toHaveLength(1)
    expect(await effectsAt(sandbox.control)).toEqual([])
  })

  test('an update that executes is asked about under either name', async () => {
    const [tool, args] = update({ content: 'Get-Date', comment: 'simpler' })
    const client = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: 'update' } })
    await client.whole(tool, args, { action: 'decline' })
    expect(client.asked).toHaveLength(1)
    expect(await effectsAt(sandbox.control)).toEqual([])
  })

  test('several at once', async () => {
    const client = await meet(sandbox, era, { settings: { QUALYS_CONFIRM: 'delete, execute' } })
    for (const effect of kinds) {
      const [tool, args] = effectCalls[effect]()
      await client.whole(tool, args, yes)
    }
    expect(client.asked.map(({ message }) => /\((\w+)\)/.exec(String(message))?.[1]).sort()).toEqual([
      'delete',
      'execute',
    ])
    expect(await effectsAt(sandbox.control)).toHaveLength(4)
  })
})
