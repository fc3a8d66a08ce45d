import { describe, expect, test } from 'vitest'
import { searchAssets } from '../../../src/operations/car/assets.ts'
import { getSchedule } from '../../../src/operations/car/schedules.ts'
import { getScript } from '../../../src/operations/car/scripts.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { searchTemplates } from '../../../src/operations/saq/templates.ts'
import type { Row } from '../../../src/session/answer.ts'
import { Drift } from '../../../src/session/records/drift.ts'
import { readRecord } from '../../../src/session/records/record.ts'
import { attemptInBothModes } from '../../support/effects/in-memory.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// A record that is larger than what is read of one is not written back in part.

/** A record as the session reads it, with so many fields in all. */
function read(operation: Operation, record: Row, fields: number): Row {
  const more = fields - Object.keys(record).length
  const wide = Object.fromEntries(Array.from({ length: more }, (_, at) => [`f${at}`, at]))
  return readRecord(operation, { ...record, ...wide }, new Drift())
}

const script = { id: 7, title: 'Clean', platform: 'LINUX', content: btoa('echo 1\n') }
const schedule = { id: 'a1', title: 'Nightly', activate: true, scripts: [{ id: 7 }] }
const lists = { assets: [{ id: 1 }], assetTags: [], excludedAssets: [] }
const elements = {
  sections: [{ name: 'S', questions: [{ label: '1', text: 'Why?', type: 'textQuestion' }] }],
}
// A long text is not kept in the lookup cache: the row is copied without it.
const template = { id: '5', name: 'T', state: 'DRAFT', description: 'd'.repeat(3_000) }
const host = { id: 1, name: 'alpha', agentUuid: 'u-1', platform: 'LINUX', tags: [] }

/** A platform on which the records of one kind have so many fields. */
const repliesWith = (wide: 'script' | 'schedule' | 'template' | 'host', fields: number): Replies => {
  const size = (kind: string, usual: number): number => (kind === wide ? fields : usual)
  return {
    car_get_script: read(getScript, script, size('script', 4)),
    car_get_schedule: read(getSchedule, { ...schedule, ...lists }, size('schedule', 7)),
    car_search_scripts: [script],
    car_search_jobs: [],
    car_search_schedules: [],
    car_search_assets: [read(searchAssets, host, size('host', 5))],
    saq_search_templates: [read(searchTemplates, { ...template, elements }, size('template', 5))],
    saq_get_template: read(searchTemplates, { ...template, elements }, size('template', 5)),
  }
}

const plan = { scripts: [{ id: '7' }], startDate: '2096-02-29', startTime: '08:00', recurrence: 'ONCE' }
const calls = [
  [
    'script',
    'script 7',
    'car_update_script',
    { scriptId: '7', comment: 'x', edits: [{ find: '1', replace: '2' }] },
  ],
  [
    'schedule',
    'schedule a1',
    'car_update_schedule',
    { scheduleId: 'a1', title: 'N', ...plan, assets: ['1'] },
  ],
  ['schedule', 'schedule a1', 'car_activate_schedule', { scheduleId: 'a1' }],
  [
    'template',
    'template 5',
    'saq_update_templates',
    { ids: ['5'], edits: [{ question: '1', text: 'How?' }] },
  ],
  ['template', 'template 5', 'saq_publish_template', { templateId: '5' }],
  ['host', 'host 1', 'car_execute_script', { scriptId: '7', assetIds: ['1'] }],
] as const

describe.each(calls)('the record of a %s', (kind, named, tool, args) => {
  test(`read in part is not the base of ${tool}`, async () => {
    const { text, kind: failure, sent } = await attemptInBothModes(repliesWith(kind, 40_000), tool, args)
    expect([failure, sent]).toEqual(['drift', 0])
    expect(text).toBe(
      `Qualys' record of ${named} is larger than what is read of one, so this effect could lose or change what nobody sees. Do it in the Qualys UI; nothing was sent.`,
    )
  })

  test(`read whole is the base of ${tool}`, async () => {
    const { text, sent } = await attemptInBothModes(repliesWith(kind, 1_900), tool, args)
    expect(sent, text).toBe(1)
  })
})

describe('read in part', () => {
  test.each([
    ['car_deactivate_schedule', { scheduleId: 'a1' }],
    ['car_delete_schedule', { scheduleId: 'a1' }],
  ])('%s takes away work all the same', async (tool, args) => {
    expect((await attemptInBothModes(repliesWith('schedule', 40_000), tool, args)).sent).toBe(1)
  })
})
