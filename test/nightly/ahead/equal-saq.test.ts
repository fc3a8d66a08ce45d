import { describe, expect } from 'vitest'
import { by, compare, named } from '../../integration/ahead/compared.ts'
import {
  type Asked,
  throughMany,
  throughOne,
  type Walked,
  withoutAhead,
} from '../../integration/ahead/pages.ts'
import { testOn } from '../../support/fixtures.ts'

// The same of SAQ, in both ways to go on.

const test = testOn({ jobs: 100 })

const ofSaq = (way: string): readonly Walked[] =>
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
  const campaigns: Walked = { tool: 'saq_search_campaigns', sizes: [3, 7], settings }

  test.for(named(ofSaq(way)))('%s', ([_name, walked], { sandbox }) => compare(sandbox, walked))

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

  // Whether a full answer was the last is a guess then: an empty page may follow, and the total stays unknown.
  test.for(['never', 'whenMore'])(
    'answers that say "%s" whether there is more: the same rows',
    async (hasMoreRecords, { sandbox }) => {
      await sandbox.control.knobs({ hasMoreRecords })
      const rows = (pages: readonly Asked[]): unknown[] => pages.flatMap(({ structured }) => structured.rows)
      const plain = rows(await withoutAhead(sandbox, settings, (one) => throughOne(one, campaigns)))
      expect(plain).toHaveLength(40)
      expect(rows(await throughMany(sandbox, campaigns))).toEqual(plain)
      const ahead = await by(sandbox, settings, (one) => throughOne(one, campaigns))
      expect(rows(ahead)).toEqual(plain)
    },
  )
})
