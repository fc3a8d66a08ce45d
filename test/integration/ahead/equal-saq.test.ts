import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { by, compare, type Ground, named } from './compared.ts'
import { type Asked, plainly, throughMany, throughOne, type Walked } from './pages.ts'

// The same of SAQ, in both ways to go on.

let ground: Ground
beforeAll(async () => {
  ground = { plainAssistantOn: await plainly(), sandbox: await openSandbox({ jobs: 100 }) }
})
beforeEach(() => ground.sandbox.control.reset())
afterAll(() => ground.sandbox.close())

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

  test.each(named(ofSaq(way)))('%s', (_, walked) => compare(ground, walked))

  test('answers that never say lastId', async () => {
    await ground.sandbox.control.knobs({ lastId: false })
    await compare(ground, {
      tool: 'saq_search_users',
      args: { companyContains: 'Nimbus' },
      sizes: [13],
      settings,
    })
    await compare(ground, campaigns)
  })

  // Whether a full answer was the last is a guess then: an empty page may follow, and the total stays unknown.
  test.each(['never', 'whenMore'])(
    'answers that say "%s" whether there is more: the same rows',
    async (hasMoreRecords) => {
      await ground.sandbox.control.knobs({ hasMoreRecords })
      const rows = (pages: readonly Asked[]): unknown[] => pages.flatMap(({ structured }) => structured.rows)
      const plain = rows(
        await by(ground.plainAssistantOn(ground.sandbox, settings), (one) => throughOne(one, campaigns)),
      )
      expect(plain).toHaveLength(40)
      expect(rows(await throughMany(ground.sandbox, campaigns))).toEqual(plain)
      const ahead = await by(assistantOn(ground.sandbox, settings), (one) => throughOne(one, campaigns))
      expect(rows(ahead)).toEqual(plain)
    },
  )
})
