import { describe, expect } from 'vitest'
import { effectTest } from '../../support/effects/fixtures.ts'

// Qualys answers with success and processes some of the ids, or none. (Every answer: test/unit/effects.)

/** The input that takes the ids. */
const inputOf = (tool: string): string =>
  tool.endsWith('_assets') ? 'assetIds' : tool.endsWith('_tags') ? 'tagIds' : 'ids'

const test = effectTest({ jobs: 300, assets: 60 }).extend<{
  /** Ids that a tool accepts. */
  idsFor: (tool: string) => Promise<readonly string[]>
}>({
  idsFor: async ({ sandbox: { control }, objects, server }, use) => {
    /** Only blocked objects can be unblocked. */
    const blocked = async (tool: string, ids: readonly string[]): Promise<readonly string[]> => {
      expect((await server.call(tool, { [inputOf(tool)]: ids })).isError).toBe(false)
      return ids
    }
    const tags = async (): Promise<string[]> =>
      (await control.dump('tags')).slice(0, 2).map(({ tagId }) => String(tagId))
    const hosts = objects.hosts.slice(0, 2)
    const ways: Readonly<Record<string, () => Promise<readonly string[]>>> = {
      car_block_assets: async () => hosts,
      car_unblock_assets: () => blocked('car_block_assets', hosts),
      car_block_tags: tags,
      car_unblock_tags: async () => blocked('car_block_tags', await tags()),
      car_delete_invalid_asset_jobs: async () => {
        const results = (await control.dump('assetjobs')) as unknown as Result[]
        const newest = Math.max(...results.map(({ created }) => created.dateTime))
        return results
          .filter(({ outcome, created }) => outcome === 'open' && created.dateTime < newest - 48 * 3_600_000)
          .slice(0, 2)
          .map(({ id }) => id)
      },
    }
    await use(async (tool) => (await ways[tool]?.()) ?? [])
  },
})

interface Result {
  readonly id: string
  readonly outcome: string
  readonly created: { readonly dateTime: number }
}

const tools = [
  'car_block_assets',
  'car_unblock_assets',
  'car_block_tags',
  'car_unblock_tags',
  'car_delete_invalid_asset_jobs',
]
const unknown = ['999999999991', '999999999992']

test.for(['car_unblock_tags', 'car_delete_invalid_asset_jobs'])(
  '%s accepts all ids',
  async (tool, { server, idsFor, audit }) => {
    const ids = await idsFor(tool)
    expect(ids).toHaveLength(2)
    const { text, isError } = await server.call(tool, { [inputOf(tool)]: ids })
    expect(isError, text).toBe(false)
    expect(text).toMatch(/^2 (assets|tags|asset jobs) \w+ed/)
    expect(text).not.toMatch(/part|refused/)
    expect(audit.lines().at(-1)).toMatchObject({ event: 'answered', facts: { outcome: 'done' } })
  },
)

test.for(tools)(
  '%s accepts some of the ids, and the reply names both groups',
  async (tool, { server, idsFor, audit }) => {
    const ids = await idsFor(tool)
    const { text, isError } = await server.call(tool, { [inputOf(tool)]: [unknown[0], ...ids, unknown[1]] })
    expect(isError, text).toBe(false)
    expect(text.split('\n')[0]).toMatch(
      new RegExp(
        `: only in part: done ${ids.join(', ')}; refused ${unknown.join(', ')} \\("Ids are Invalid"\\)$`,
      ),
    )
    const last = audit.lines().at(-1)
    expect(last).toMatchObject({ facts: { tool, outcome: 'in part' } })
    expect(last?.facts['refused']).toHaveLength(2)
  },
)

test('car_block_assets accepts none of the ids', async ({ server, audit }) => {
  const tool = 'car_block_assets'
  const { text, error } = await server.call(tool, { assetIds: unknown })
  expect(error).toMatchObject({ kind: 'input' })
  expect(text).toBe(
    `Qualys took none of the ids: refused ${unknown.join(', ')} ("Ids are Invalid"). Check them with the search tool.`,
  )
  expect(audit.lines().at(-1)).toMatchObject({ facts: { tool, outcome: 'refused' } })
})

describe('an answer of another form', () => {
  const answering = (body: unknown) => [{ route: 'POST /sm/v1/block-assets', kind: 'reply', body }]
  const args = { assetIds: ['11', '12'] }

  test.for<readonly [string, unknown, object]>([
    ['a sentence: done', 'Assets blocked', { outcome: 'done' }],
    [
      'a part of the ids: in part',
      { success: { ids: [11] }, failure: { ids: [12] } },
      { outcome: 'in part' },
    ],
    ['a failure in words: refused', { success: { ids: [] }, failure: 'No' }, { outcome: 'refused' }],
    ['neither of any: unclear', { success: { ids: [] }, failure: { ids: [] } }, { outcome: 'unclear' }],
  ])('%s', async ([, body, facts], { sandbox, server, audit }) => {
    await sandbox.control.faults(answering({ body }))
    await server.call('car_block_assets', args)
    expect(audit.lines().at(-1)).toMatchObject({ event: 'answered', facts })
  })

  const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`

  test.for<readonly [string, string, string]>([
    ['only of levels too deep to read: unclear', deep, 'unclear'],
    ['with ids too deep to read: unclear', `{"success":{"ids":[${deep},11,12]}}`, 'unclear'],
    [
      'with the failures too deep to read: unclear',
      `{"failure":{"ids":${'['.repeat(20_000)}12${']'.repeat(20_000)}}}`,
      'unclear',
    ],
    ['with all ids beside such levels: done', `{"x":${deep},"success":{"ids":[11,12]}}`, 'done'],
  ])('%s', async ([, body, outcome], { sandbox, server, audit }) => {
    await sandbox.control.faults(answering(`{"body":${body}}`))
    const { text, error } = await server.call('car_block_assets', args)
    expect(error?.kind, text).toBe(outcome === 'done' ? undefined : outcome)
    expect(audit.lines().at(-1)).toMatchObject({ event: 'answered', facts: { outcome } })
    expect(server.log.join()).not.toMatch(/unexpected/)
  })
})
