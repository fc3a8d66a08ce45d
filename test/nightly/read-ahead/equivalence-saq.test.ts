import { describe, expect } from 'vitest'
import { by, compare, namedCases } from '../../integration/read-ahead/comparison.ts'
import {
  type PageRead,
  pagesFromNewServers,
  pagesFromOneServer,
  type WalkOptions,
  withoutReadAhead,
} from '../../integration/read-ahead/pages.ts'
import { testOn } from '../../support/fixtures.ts'

// The same for SAQ, with both ways to page.

const test = testOn({ jobs: 100 })

const ofSaq = (way: string): readonly WalkOptions[] =>
  [
    { tool: 'saq_search_users', args: { companyContains: 'Nimbus' }, sizes: [13] },
    { tool: 'saq_search_users', args: { companyContains: 'Nimbus' }, sizes: [5, 40], fields: [['*']] },
    { tool: 'saq_search_questionnaires', args: { risk: ['HIGH'] }, sizes: [60], fields: [undefined, ['id']] },
    { tool: 'saq_search_campaigns', sizes: [3] },
    { tool: 'saq_search_campaigns', sizes: [2, 9], fields: [['*']] },
    { tool: 'saq_search_templates', sizes: [6] },
    { tool: 'saq_search_library_templates', sizes: [4] },
  ].map((walked) => ({ ...walked, settings: { QUALYS_SAQ_PAGING: way } }))

describe.each(['offset', 'id'])('SAQ by %s', (way) => {
  const settings = { QUALYS_SAQ_PAGING: way }
  const campaigns: WalkOptions = { tool: 'saq_search_campaigns', sizes: [3, 7], settings }

  test.for(namedCases(ofSaq(way)))('%s', ([_name, walked], { sandbox }) => compare(sandbox, walked))

  test('answers that never say lastId', async ({ sandbox }) => {
    await sandbox.control.knobs({ lastId: false })
    await compare(sandbox, {
      tool: 'saq_search_users',
      args: { companyContains: 'Nimbus' },
      sizes: [13],
      settings,
    })
    await compare(sandbox, campaigns)
  })

  // Then it is a guess whether a full answer was the last: an empty page may follow, and the total stays unknown.
  test.for(['never', 'whenMore'])(
    'answers that say "%s" whether there is more: the same rows',
    async (hasMoreRecords, { sandbox }) => {
      await sandbox.control.knobs({ hasMoreRecords })
      const rows = (pages: readonly PageRead[]): unknown[] =>
        pages.flatMap(({ structured }) => structured.rows)
      const plain = rows(
        await withoutReadAhead(sandbox, settings, (one) => pagesFromOneServer(one, campaigns)),
      )
      expect(plain).toHaveLength(40)
      expect(rows(await pagesFromNewServers(sandbox, campaigns))).toEqual(plain)
      const ahead = await by(sandbox, settings, (one) => pagesFromOneServer(one, campaigns))
      expect(rows(ahead)).toEqual(plain)
    },
  )
})
