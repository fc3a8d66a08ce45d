import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Operation } from '../../../../src/operations/operation.ts'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import { servedRoutes } from '../../../support/operations/served-routes.ts'
import { recordReads } from '../../../support/records/compared-readers.ts'
import { wordsIn } from '../../../support/records/reference-documented-fields.ts'
import {
  type ComparedRecords,
  expectEqualPages,
  expectEqualRecord,
  openRecordedSession,
  type RecordedSession,
  readNamed,
} from '../../../support/records/session-records.ts'
import { listOf } from '../../../support/replies/rows.ts'
import { pageOf, row } from '../../../support/session/qps-answers.ts'

// Answers of every read as a session reads them and as the reference reader reads them: two small pages of each list,
// one record of each other read. The whole data of the sandbox: test/nightly/session.

let recorded: RecordedSession
let least: Readonly<Record<string, object>>
beforeAll(async () => {
  recorded = await openRecordedSession(100)
  least = await minimalArgumentsOn(recorded.sandbox.control)
})
beforeEach(() => recorded.sandbox.control.reset())
afterAll(() => recorded.close())

/** Another test names a read that the sandbox does not serve. */
const servedReads = recordReads.filter(({ route }) => servedRoutes.has(route))

/** Compares some records of an operation. */
function compareSome(operation: Operation): Promise<ComparedRecords> {
  const { name, returns } = operation
  if (returns !== 'rows') return expectEqualRecord(operation, recorded, least[name])
  const args = name === 'car_search_asset_jobs' ? { includeOutput: true } : {}
  return expectEqualPages(operation, recorded, { args, batchSize: 6, pages: 2 })
}

const namesIn = ({ record }: Operation): string[] => Object.keys(record.shape).filter((name) => name !== 'id')

/** The same words in another spelling, which leaves no doubt. */
const renamedFields = (operation: Operation): object =>
  Object.fromEntries(namesIn(operation).map((name) => [name, wordsIn(name).join('_')]))

const otherNames = (operation: Operation) => ({ fields: renamedFields(operation) })
const allNames = (operation: Operation) => ({ fields: namesIn(operation) })

test.each<[kind: string, details?: (operation: Operation) => object]>([
  ['rename'],
  ['renameField', otherNames],
  ['dropId'],
  ['dropField', allNames],
  ['retype'],
  ['retypeField', allNames],
  ['nullFields'],
  ['extraFields'],
])('records that are not as documented: %s', async (kind, details) => {
  const faultOf = (operation: Operation) => ({ route: operation.route, kind, ...details?.(operation) })
  await recorded.sandbox.control.faults(servedReads.map(faultOf))
  let deviating = 0
  for (const operation of servedReads) {
    const { drift, isRefused } = await compareSome(operation)
    if (isRefused || drift.length > 0) deviating++
  }
  // A field that nobody knows is no deviation: Qualys adds some.
  if (kind === 'extraFields') expect(deviating).toBe(0)
  else expect(deviating).toBeGreaterThan(0)
})

test.each<[string, object]>([
  ['as the sandbox starts', {}],
  ['without sort values', { sortValues: false }],
  ['with ids beyond 2^53', { longIds: true }],
  [
    'with few fields',
    {
      ...{ scheduleRecord: 'bare', scriptContent: 'hidden', hostTags: 'none', resultHosts: 'none' },
      ...{ resultJobs: 'hidden', campaignRecipients: 'hidden', questionnaireCampaign: 'none' },
      ...{ userGroupFields: false, campaignDueDate: false, questionnaireDueDate: false },
    },
  ],
  [
    'with many fields',
    {
      ...{ hostRecord: 'fim', hostTags: 'uuidObjects', hostStatus: 'manifest', resultHosts: 'text' },
      ...{ scheduleParameters: 'values', campaignRecipients: 'names', questionnaireCampaign: 'id' },
      ...{ tagLists: 'wrapped', templateFields: 'weights' },
    },
  ],
])('records %s', async (_what, knobs) => {
  await recorded.sandbox.control.knobs(knobs)
  for (const operation of servedReads) {
    const { records, drift } = await compareSome(operation)
    expect(records, operation.name).toBeGreaterThan(0)
    expect(drift).toEqual([])
  }
})

/** Objects within each other, as JSON and as XML: more levels than a row may have. */
const deepJson = (levels: number): object => (levels === 0 ? {} : { in: deepJson(levels - 1) })
const deepXml = `${'<in>'.repeat(40)}end${'</in>'.repeat(40)}`

const numbers = Array.from({ length: 3_000 }, (_, at) => at)
const wideJson = Object.fromEntries(numbers.map((at) => [`field${at}`, at]))
const wideXml = numbers.map((at) => `<field${at}>${at}</field${at}>`).join('')

/** An answer of two MiB or more is read in a thread (read-answer.ts), which leaves out what is too much of a row. */
const mebibytes = 'x'.repeat(3 * 1024 * 1024)

const extremes: readonly (readonly [string, tool: string, body: unknown])[] = ['', mebibytes].flatMap(
  (more) => [
    [
      `JSON ${more === '' ? 'of usual size' : 'of three MiB'}`,
      'car_search_jobs',
      listOf([
        { id: '1', title: 'usual' },
        { ...wideJson, id: '2', title: 'wide' },
        { id: '3', deep: deepJson(40), more },
      ]),
    ],
    [
      `XML ${more === '' ? 'of usual size' : 'of three MiB'}`,
      'saq_search_users',
      pageOf(
        [
          row('User', 1),
          row('User', 2, wideXml),
          row('User', 3, `<deep>${deepXml}</deep><more>${more}</more>`),
        ],
        false,
      ),
    ],
  ],
)

test.each(extremes)('records of which something is left out: %s', async (_what, tool, body) => {
  const operation = readNamed(tool)
  const contentType = typeof body === 'string' ? 'text/xml' : 'application/json'
  await recorded.sandbox.control.faults([{ route: operation.route, kind: 'reply', body, contentType }])
  expect(await expectEqualPages(operation, recorded)).toMatchObject({ records: 3, cut: 2 })
})
