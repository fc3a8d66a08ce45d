import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  expectEqualPages,
  expectEqualRecord,
  openRecordedSession,
  type RecordedSession,
  readNamed,
} from '../../support/records/session-records.ts'

// All data of CAR in the sandbox, as a session reads them and as the reference reader reads them. With deviations from
// what is documented: test/integration/session/records.

let recorded: RecordedSession
beforeAll(async () => {
  recorded = await openRecordedSession()
})
afterAll(() => recorded.close())

const idsIn = async (collection: string): Promise<unknown[]> =>
  (await recorded.sandbox.control.dump(collection)).map(({ id }) => id)

test.each([
  ['car_search_scripts', 120],
  ['car_list_script_types', 3],
  ['car_list_script_languages', 10],
  ['car_search_jobs', 15_000],
  ['car_search_asset_jobs', 45_654],
  ['car_search_assets', 2_000],
  // Those of other scopes are not listed.
  ['car_search_asset_tags', 54],
  ['car_search_schedules', 40],
  ['car_search_blocked_commands', 10],
  ['car_list_reports', 45],
])('%s: all %i rows', async (tool, records) => {
  expect(await expectEqualPages(readNamed(tool), recorded)).toMatchObject({ records })
})

test('car_search_asset_jobs: all rows with their outputs', async () => {
  const args = { includeOutput: true }
  const { records } = await expectEqualPages(readNamed('car_search_asset_jobs'), recorded, { args })
  expect(records).toBe(45_654)
})

test.each([
  ['car_get_script', 'scripts', 'scriptId'],
  ['car_get_schedule', 'schedules', 'scheduleId'],
])('%s: each of the %s', async (tool, collection, input) => {
  const ids = await idsIn(collection)
  expect(ids.length).toBeGreaterThan(30)
  for (const id of ids) await expectEqualRecord(readNamed(tool), recorded, { [input]: id })
})
