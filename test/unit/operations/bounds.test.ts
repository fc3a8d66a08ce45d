import { describe, expect, test } from 'vitest'
import { campaign, inactiveCampaign, newUser, otherRecipient } from '../../support/effects/saq/saq-objects.ts'
import { checkArguments } from '../../support/operations/calls.ts'
import { many, question, section } from '../../support/operations/questions.ts'
import { validImport } from '../../support/operations/refused/library.ts'
import { validRun } from '../../support/operations/refused/runs.ts'
import { validSchedule } from '../../support/operations/refused/schedules.ts'
import { scriptWithoutSubType, validScript } from '../../support/operations/refused/scripts.ts'

// The bounds of every bounded argument: the last value that is accepted, and the first that is refused.
// An empty list of an optional argument counts as none, but for updates.

const takes = async (tool: string, args: object): Promise<boolean> =>
  (await checkArguments(tool, args)).complaint === undefined

/** An argument, and arguments with a value of a given size. */
type Bounded = readonly (readonly [
  tool: string,
  argument: string,
  args: (size: number) => object,
  least: number,
  most: number,
])[]

const ids = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
const remediation = (more: object) => ({
  ...scriptWithoutSubType,
  typeId: 3,
  authorScriptsMetadata: { cid: '1', tech: ['a'], ...more },
})
const parameter = (more: object) => ({ ...validScript, params: [{ key: 'a', value: 'b', ...more }] })
const edits = (list: readonly object[]) => ({ scriptId: 16515, edits: list, comment: 'x' })
const recurring = { ...validSchedule, recurrence: 'DAILY', endDate: '2096-12-31' }
const notified = (more: object) => ({
  campaignId: inactiveCampaign,
  notifications: [{ kind: 'overdue', ...more }],
})
const template = (more: object) => ({
  name: 'x',
  category: 'x',
  sections: [section(question())],
  ...more,
})
const options = (count: number) => many(count, (at) => ({ text: `o${at}` }))
const scores = (count: number) => many(count, (at) => ({ label: `l${at}`, value: at }))

const counts: Bounded = [
  ['car_export_scripts', 'ids', (size) => ({ ids: ids(size) }), 1, 100],
  ['car_execute_script', 'assetIds', (size) => ({ scriptId: 1, assetIds: ids(size) }), 0, 1_000],
  ['car_execute_script', 'assetTagIds', (size) => ({ scriptId: 1, assetTagIds: ids(size) }), 0, 100],
  ['car_execute_script', 'excludedAssetIds', (n) => ({ ...validRun, excludedAssetIds: ids(n) }), 0, 1_000],
  ['car_execute_script', 'testAssets', (size) => ({ scriptId: 1, testAssets: ids(size) }), 0, 100],
  ['car_execute_script', 'testTags', (size) => ({ scriptId: 1, testTags: ids(size) }), 0, 100],
  ['car_create_schedule', 'assets', (size) => ({ ...validSchedule, assets: ids(size) }), 0, 1_000],
  ['car_create_schedule', 'assetTags', (size) => ({ ...validSchedule, assetTags: ids(size) }), 0, 100],
  ['car_create_schedule', 'excludedAssets', (n) => ({ ...validSchedule, excludedAssets: ids(n) }), 0, 1_000],
  [
    'car_create_schedule',
    'scripts',
    (size) => ({ ...validSchedule, scripts: ids(size).map((id) => ({ id })) }),
    1,
    20,
  ],
  [
    'car_create_script',
    'params',
    (size) => ({ ...validScript, params: ids(size).map((at) => ({ key: `k${at}`, value: '' })) }),
    0,
    50,
  ],
  [
    'car_update_script',
    'edits',
    (size) => edits(ids(size).map((at) => ({ find: `a${at}`, replace: '' }))),
    1,
    50,
  ],
  ['car_create_script', 'tech', (size) => remediation({ tech: Array(size).fill('a') }), 1, 100],
  ['car_create_script', 'policies', (size) => remediation({ policies: Array(size).fill('a') }), 0, 100],
  [
    'car_add_blocked_commands',
    'commands',
    (size) => ({ languageId: 201, commands: Array(size).fill('a') }),
    1,
    100,
  ],
  ['car_delete_blocked_commands', 'commandIds', (size) => ({ commandIds: ids(size) }), 1, 100],
  ...(['assets', 'tags'] as const).flatMap((what) =>
    (['block', 'unblock'] as const).map((verb) => {
      const name = what === 'assets' ? 'assetIds' : 'tagIds'
      return [`car_${verb}_${what}`, name, (size: number) => ({ [name]: ids(size) }), 1, 100] as const
    }),
  ),
  ['car_delete_invalid_asset_jobs', 'ids', (size) => ({ ids: ids(size) }), 1, 100],
  ['car_search_jobs', 'sort', (size) => ({ sort: Array(size).fill('id:asc') }), 0, 5],
  ['car_search_jobs', 'fields', (size) => ({ fields: Array(size).fill('id') }), 0, 50],
  [
    'saq_create_template',
    'sections',
    (size) => template({ sections: many(size, () => section(question())) }),
    1,
    1_000,
  ],
  [
    'saq_create_template',
    'questions',
    (size) => template({ sections: [section(...many(size, () => question()))] }),
    0,
    5_000,
  ],
  [
    'saq_create_template',
    'options',
    (size) => template({ sections: [section(question({ kind: 'single', options: options(size) }))] }),
    0,
    1_000,
  ],
  ['saq_create_template', 'scoring', (size) => template({ scoring: scores(size) }), 0, 5],
  [
    'saq_update_templates',
    'edits',
    (size) => ({ ids: [1], edits: many(size, (at) => ({ question: `${at + 1}`, text: 'x' })) }),
    1,
    1_000,
  ],
  ['saq_update_templates', 'ids', (size) => ({ ids: ids(size), description: 'x' }), 1, 1_000],
  [
    'saq_create_campaign',
    'recipientIds',
    (size) => ({ ...campaign('x'), recipientIds: ids(size) }),
    0,
    5_000,
  ],
  [
    'saq_update_campaign',
    'addRecipientIds',
    (size) => ({ campaignId: 1, addRecipientIds: ids(size) }),
    1,
    5_000,
  ],
  [
    'saq_update_campaign',
    'removeRecipientIds',
    (size) => ({ campaignId: 1, removeRecipientIds: ids(size) }),
    1,
    5_000,
  ],
  [
    'saq_update_campaign',
    'notifications',
    (size) => ({
      campaignId: 1,
      notifications: ['reminder', 'dueDate', 'overdue', 'overdue'].slice(0, size).map((kind) => ({ kind })),
    }),
    1,
    3,
  ],
  ['saq_create_users', 'users', (size) => ({ users: many(size, () => newUser()) }), 1, 1_000],
  ['saq_create_users', 'tags', (size) => ({ users: [newUser({ tags: Array(size).fill('a') })] }), 0, 50],
  ['saq_update_users', 'ids', (size) => ({ ids: ids(size), title: 'x' }), 1, 1_000],
  ['saq_delete_users', 'ids', (size) => ({ ids: ids(size) }), 1, 1_000],
]

test.for(counts)('%s: how many %s', async ([tool, , args, least, most]) => {
  expect(await takes(tool, args(least))).toBe(true)
  expect(await takes(tool, args(most))).toBe(true)
  if (least > 0) expect(await takes(tool, args(least - 1))).toBe(false)
  expect(await takes(tool, args(most + 1))).toBe(false)
})

const numbers: Bounded = [
  ['car_create_script', 'severity', (severity) => ({ ...validScript, severity }), 1, 5],
  ['car_update_script', 'severity', (severity) => ({ scriptId: 1, severity }), 1, 5],
  [
    'car_create_script',
    'thresholdSeconds',
    (thresholdSeconds) => ({ ...validScript, thresholdSeconds }),
    1,
    86_400,
  ],
  ['car_create_script', 'qid.severity', (severity) => ({ ...validScript, qid: { severity } }), 1, 5],
  ['car_create_script', 'qid.qdsScore', (qdsScore) => ({ ...validScript, qid: { qdsScore } }), 1, 100],
  [
    'car_execute_script',
    'rebootDelayInSeconds',
    (rebootDelayInSeconds) => ({ ...validRun, rebootDelayInSeconds }),
    0,
    86_400,
  ],
  ['car_create_schedule', 'interval', (interval) => ({ ...recurring, interval }), 1, 999],
  ['car_search_jobs', 'pageSize', (pageSize) => ({ pageSize }), 1, 200],
  ['saq_update_campaign', 'noOfDays', (noOfDays) => notified({ noOfDays }), 0, 365],
  ['saq_update_campaign', 'interval', (interval) => notified({ interval }), 1, 365],
  [
    'saq_create_template',
    'level',
    (level) => template({ sections: [{ ...section(question()), level }] }),
    1,
    8,
  ],
  [
    'saq_create_template',
    'value of a score',
    (value) => template({ scoring: [{ label: 'a', value }] }),
    0,
    1_000_000,
  ],
]

test.for(numbers)('%s: %s', async ([tool, , args, least, most]) => {
  expect(await takes(tool, args(least))).toBe(true)
  expect(await takes(tool, args(most))).toBe(true)
  expect(await takes(tool, args(least - 1))).toBe(false)
  expect(await takes(tool, args(most + 1))).toBe(false)
})

/** An argument, and arguments with a text of a given length. Stored texts of SAQ: saq-texts.test.ts. */
type Text = readonly (readonly [
  tool: string,
  argument: string,
  args: (text: string) => object,
  most: number,
])[]

const texts: Text = [
  ['car_create_script', 'title', (title) => ({ ...validScript, title }), 255],
  ['car_create_script', 'description', (description) => ({ ...validScript, description }), 4_000],
  ['car_create_script', 'branch', (branch) => ({ ...validScript, branch }), 255],
  ['car_create_script', 'key', (key) => parameter({ key }), 256],
  ['car_create_script', 'value', (value) => parameter({ value }), 8_000],
  ['car_create_script', 'cid', (cid) => remediation({ cid }), 64],
  ['car_create_script', 'tech', (tech) => remediation({ tech: [tech] }), 255],
  ['car_create_script', 'displayName', (displayName) => remediation({ displayName }), 255],
  ['car_create_script', 'qid.title', (title) => ({ ...validScript, qid: { title } }), 255],
  [
    'car_create_script',
    'qid.detectionRegex',
    (detectionRegex) => ({ ...validScript, qid: { detectionRegex } }),
    4_000,
  ],
  ['car_update_script', 'title', (title) => ({ scriptId: 1, title }), 255],
  ['car_update_script', 'comment', (comment) => ({ scriptId: 1, comment }), 1_000],
  ['car_clone_script', 'title', (title) => ({ scriptId: 1, title }), 255],
  ['car_import_library_script', 'title', (title) => ({ ...validImport, title }), 255],
  ['car_execute_script', 'description', (description) => ({ ...validRun, description }), 1_000],
  ['car_create_schedule', 'title', (title) => ({ ...validSchedule, title }), 255],
  [
    'car_create_schedule',
    'title of a script',
    (title) => ({ ...validSchedule, scripts: [{ id: 1, title }] }),
    255,
  ],
  ['car_create_schedule', 'description', (description) => ({ ...validSchedule, description }), 1_000],
  ['car_add_blocked_commands', 'commands', (command) => ({ languageId: 1, commands: [command] }), 500],
  ['car_generate_report', 'reportName', (reportName) => ({ reportName, templateName: 'x' }), 255],
  ['car_generate_report', 'templateName', (templateName) => ({ reportName: 'x', templateName }), 255],
  [
    'car_generate_report',
    'description',
    (description) => ({ reportName: 'x', templateName: 'x', description }),
    1_000,
  ],
  ['car_search_jobs', 'filter', (filter) => ({ filter }), 4_000],
  ['car_search_jobs', 'scriptName', (scriptName) => ({ scriptName }), 256],
  ['car_search_jobs', 'match', (match) => ({ match }), 200],
  ['car_search_jobs', 'fields', (field) => ({ fields: [field] }), 80],
  ['car_search_jobs', 'continuationToken', (continuationToken) => ({ continuationToken }), 2_000],
  ['car_get_schedule', 'scheduleId', (scheduleId) => ({ scheduleId }), 128],
  ['saq_create_campaign', 'recipientCompany', (text) => ({ ...campaign('x'), recipientCompany: text }), 255],
  ['saq_create_campaign', 'recipientTag', (text) => ({ ...campaign('x'), recipientTag: text }), 255],
  [
    'saq_update_campaign',
    'addRecipientCompany',
    (text) => ({ campaignId: 1, addRecipientCompany: text }),
    255,
  ],
  ['saq_update_campaign', 'addRecipientTag', (text) => ({ campaignId: 1, addRecipientTag: text }), 255],
  [
    'saq_create_template',
    'noScore',
    (noScore) => template({ sections: [section(question({ noScore }))] }),
    50,
  ],
  ['saq_update_user', 'tags', (tag) => ({ userId: otherRecipient, tags: [tag] }), 255],
]

test.for(texts)('%s: characters of %s', async ([tool, , args, most]) => {
  expect(await takes(tool, args('a'))).toBe(true)
  expect(await takes(tool, args('a'.repeat(most)))).toBe(true)
  expect(await takes(tool, args('a'.repeat(most + 1)))).toBe(false)
})

test('an edit finds 1 to 8,000 characters, blanks too, and writes 0 to 200,000', async () => {
  const takesEdit = (find: string, replace: string) => takes('car_update_script', edits([{ find, replace }]))
  for (const [find, replace] of [
    [' ', ''],
    ['\ufeff', ''],
    ['x'.repeat(8_000), 'x'.repeat(200_000)],
  ] as const)
    expect(await takesEdit(find, replace)).toBe(true)
  for (const [find, replace] of [
    ['', 'x'],
    ['x'.repeat(8_001), ''],
    ['x', 'y'.repeat(200_001)],
    ['a\0', ''],
    ['a', '\ud83d'],
    ['\uffff', 'x'],
  ] as const)
    expect(await takesEdit(find, replace)).toBe(false)
})

test('a script of 500 KB is accepted, a byte more is not', async () => {
  expect(await takes('car_create_script', { ...validScript, content: 'x'.repeat(512_000) })).toBe(true)
  expect(await takes('car_create_script', { ...validScript, content: 'x'.repeat(512_001) })).toBe(false)
})

test('an address of 2,000 characters is accepted, a longer one is not', async () => {
  const { content: _, ...rest } = validScript
  const address = (length: number) => 'https://github.com/a/b/blob/main/'.padEnd(length, 'x')
  expect(await takes('car_create_script', { ...rest, sourceUrl: address(2_000) })).toBe(true)
  expect(await takes('car_create_script', { ...rest, sourceUrl: address(2_001) })).toBe(false)
})

describe('an id', () => {
  test('that is a number up to 2^53 is accepted', async () => {
    expect(await takes('car_get_script', { scriptId: Number.MAX_SAFE_INTEGER })).toBe(true)
    expect(await takes('car_get_script', { scriptId: Number.MAX_SAFE_INTEGER + 1 })).toBe(false)
    expect(await takes('saq_get_user', { userId: Number.MAX_SAFE_INTEGER })).toBe(true)
    expect(await takes('saq_get_user', { userId: Number.MAX_SAFE_INTEGER + 1 })).toBe(false)
  })

  test('of SAQ has at most 19 digits', async () => {
    expect(await takes('saq_get_user', { userId: '1'.repeat(19) })).toBe(true)
    expect(await takes('saq_get_user', { userId: '1'.repeat(20) })).toBe(false)
  })

  test('of CAR is no other numeral, and no path segment like ..', async () => {
    for (const scheduleId of ['0', '7', 'a', 'a.b', 'a-b:c_d', '7a', '1.2.3', ' 7\n'])
      expect(await takes('car_get_schedule', { scheduleId }), scheduleId).toBe(true)
    for (const scheduleId of ['', '.', '..', '...', '007', '0x7', '7e0', '+7', '7.0', '7 7', 'a/b', 'ä'])
      expect(await takes('car_get_schedule', { scheduleId }), scheduleId).toBe(false)
  })
})
