import { describe, expect } from 'vitest'
import { testOn } from '../../support/fixtures.ts'

// Lists whose rows are completed from another one: where that cannot be read, each reply says so, and no zero stands alone.

const test = testOn({ jobs: 100 }, { QUALYS_UNVERIFIED: 'all' })

const tags = 'POST /sm/v1/assettags/search'
const campaigns = 'POST /qps/rest/1.0/search/saq/questionnairecampaign'

describe.each([
  {
    tool: 'car_search_schedules',
    knobs: {},
    route: tags,
    word: 'Developers',
    note: 'The list of tags cannot be read: tags of schedules stand without names.',
  },
  {
    tool: 'car_search_assets',
    knobs: { hostTags: 'uuids' },
    route: tags,
    word: 'Developers',
    note: 'The list of tags cannot be read: tags of hosts stand without names.',
  },
  {
    tool: 'saq_search_questionnaires',
    knobs: { questionnaireCampaign: 'id', questionnaireDueDate: false },
    route: campaigns,
    word: '2027-',
    note: 'The list of campaigns cannot be read: questionnaires may stand without due date and campaign name.',
  },
])('$tool', ({ tool, knobs, route, word, note }) => {
  test('on a page, with a filter and in an export', async ({ sandbox, assistant }) => {
    await sandbox.control.knobs(knobs)
    const calls = [
      [tool, {}],
      [tool, { match: word }],
      ['qualys_export', { tool, arguments: { match: word }, format: 'csv' }],
    ] as const
    await sandbox.control.faults([{ route, kind: 'status', status: 403 }])
    for (const [name, args] of calls) {
      const { text } = await assistant.call(name, args)
      expect(text.split(note)).toHaveLength(2)
    }
    await sandbox.control.faults([])
    for (const [name, args] of calls)
      expect((await assistant.call(name, args)).text).not.toContain('cannot be read')
  })
})
