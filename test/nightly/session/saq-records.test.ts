import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  expectEqualPages,
  expectEqualRecord,
  openRecordedSession,
  type RecordedSession,
  readNamed,
} from '../../support/records/session-records.ts'

// All data of SAQ in the sandbox, as a session reads them and as the reference readers of XML and of records read them.
// With deviations from what is documented: test/integration/session/records.

let recorded: RecordedSession
beforeAll(async () => {
  recorded = await openRecordedSession(100)
})
afterAll(() => recorded.close())

test.each([
  ['saq_search_templates', 47],
  ['saq_search_library_templates', 25],
  ['saq_search_campaigns', 40],
  ['saq_search_questionnaires', 3_000],
  ['saq_search_users', 5_000],
])('%s: all %i rows', async (tool, records) => {
  expect(await expectEqualPages(readNamed(tool), recorded)).toMatchObject({ records })
})

test.each([
  ['saq_get_template', 'templates', 'templateId'],
  ['saq_get_campaign', 'campaigns', 'campaignId'],
  ['saq_get_questionnaire', 'questionnaires', 'questionnaireId'],
  ['saq_get_user', 'users', 'userId'],
])('%s: each of the %s', async (tool, collection, input) => {
  const rows = await recorded.sandbox.control.dump(collection)
  expect(rows.length).toBeGreaterThan(30)
  for (const { id } of rows) await expectEqualRecord(readNamed(tool), recorded, { [input]: id })
})

test.each([
  'saq_get_version',
  'saq_count_templates',
  'saq_count_campaigns',
  'saq_count_questionnaires',
  'saq_count_users',
])('%s', async (tool) => {
  await expectEqualRecord(readNamed(tool), recorded)
})
