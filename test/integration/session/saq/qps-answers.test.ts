import { describe, expect } from 'vitest'
import type { ToolReply } from '../../../support/assistant.ts'
import { testOn } from '../../../support/fixtures.ts'
import { row, success } from '../../../support/session/qps.ts'

// Answers of the API server through the whole stack, one of each kind; their many forms are covered by the unit
// tests.

interface Fixtures {
  /** The outcome of a call when every request gets this answer. */
  readonly served: (tool: string, args: object, body: unknown) => Promise<ToolReply>
}

const test = testOn({ jobs: 100 }, { QUALYS_MAX_WAIT_SECONDS: '0' }).extend<Fixtures>({
  served: ({ sandbox, assistant }, use) =>
    use(async (tool, args, body) => {
      await sandbox.control.faults([{ route: '*', kind: 'reply', body, contentType: 'text/xml' }])
      return assistant.call(tool, args, 'json')
    }),
})

/** The fields of a user for the usual columns. */
const usual =
  '<firstName>a</firstName><lastName>b</lastName><company>c</company><emailAddress>x@y.z</emailAddress>'
const data = (objects: string): string => success(`<count>1</count><data>${objects}</data>`)

describe('a list', () => {
  test('in XML, with more rows to follow', async ({ served }) => {
    const users = [1, 2].map((id) => row('User', id, usual)).join('')
    const body = success(`<count>2</count><hasMoreRecords>true</hasMoreRecords><data>${users}</data>`)
    const { structured } = await served('saq_search_users', { pageSize: 5 }, body)
    expect(structured).toMatchObject({ returned: 2, continuationToken: expect.any(String) })
    expect(structured).not.toHaveProperty('total')
    expect(structured).not.toHaveProperty('note')
  })

  test('in JSON, where XML was requested', async ({ served }) => {
    const objects = [{ User: { id: 1, title: 'x' } }, { User: { id: 2, title: 'y' } }]
    const body = { ServiceResponse: { responseCode: 'SUCCESS', hasMoreRecords: 'false', data: objects } }
    const { structured } = await served('saq_search_users', {}, body)
    expect(structured).toMatchObject({ returned: 2, total: 2, rows: [{ id: '1' }, { id: '2' }] })
  })

  test('without rows', async ({ served }) => {
    const body = success('<count>0</count><hasMoreRecords>false</hasMoreRecords><data/>')
    expect((await served('saq_search_users', {}, body)).structured.summary).toBe('no users found')
  })

  test('whose rows have no ids', async ({ served }) => {
    const { error, text } = await served('saq_search_users', {}, data('<User><title>x</title></User>'))
    expect(error).toMatchObject({ kind: 'drift' })
    expect(text).toContain("Qualys' answer to saq_search_users has rows without an id")
  })
})

describe('a record', () => {
  test('with tags in a list, and an id of nineteen digits', async ({ served }) => {
    const tags = '<tags><count>1</count><list><Tag><id>1</id><name>t1</name></Tag></list></tags>'
    const user = row('User', '9223372036854775807', usual + tags)
    const { structured } = await served('saq_get_user', { userId: 1 }, data(user))
    expect(structured.rows[0]).toMatchObject({
      id: '9223372036854775807',
      tags: [{ id: '1', name: 't1' }],
    })
    expect(structured).not.toHaveProperty('note')
  })

  test('with numbers, flags and times', async ({ served }) => {
    const more =
      '<name>007</name><revision>12</revision><isLibrary>true</isLibrary><questionCnt>0</questionCnt>'
    const template = await served('saq_get_template', { templateId: 1 }, data(row('Template', 1, more)))
    expect(template.structured.rows[0]).toEqual({
      id: '1',
      name: '007',
      revision: 12,
      isLibrary: true,
      questionCnt: 0,
    })
    const due = row('Questionnaire', 1, '<dueDate>2019-10-23T05:47:16+02:00</dueDate>')
    const questionnaire = await served('saq_get_questionnaire', { questionnaireId: 1 }, data(due))
    expect(questionnaire.structured.rows[0]).toEqual({ id: '1', dueDate: '2019-10-23T03:47:16Z' })
  })

  test('with a malformed time: shown unchanged, with a note', async ({ served }) => {
    const campaign = row('QuestionnaireCampaign', 1, '<status>ACTIVE</status><dueDate>soon</dueDate>')
    const { structured, isError } = await served('saq_get_campaign', { campaignId: 1 }, data(campaign))
    expect(isError).toBe(false)
    expect(structured.rows[0]).toMatchObject({ id: '1', status: 'ACTIVE' })
    expect(structured.note).toMatch(/dueDate \(another type\)/)
  })

  test('that does not exist', async ({ served }) => {
    const { error, text } = await served('saq_get_user', { userId: 1 }, success('<count>0</count><data/>'))
    expect(error).toMatchObject({ kind: 'drift' })
    expect(text).toContain('saq_get_user with nothing')
  })
})

test('a number', async ({ served }) => {
  const { structured } = await served('saq_count_users', {}, success('<count> 28\n</count>'))
  expect(structured.rows).toEqual([{ count: 28 }])
})

test('the version, in XML, though JSON was requested', async ({ served }) => {
  const portal = '<Portal-Version><A-VERSION>1.10</A-VERSION></Portal-Version>'
  const { structured } = await served('saq_get_version', {}, data(portal))
  expect(structured.rows[0]).toEqual({ 'A-VERSION': '1.10' })
})

// It promises the form that saq_create_template takes: labels are texts, which are accepted together with numbers.
test('a template that was read can be passed back unchanged', async ({ assistant }) => {
  const { structured } = await assistant.call('saq_get_template', { templateId: 82968 }, 'json')
  const { sections, scoring } = structured.rows[0] ?? {}
  expect(sections).toEqual(expect.arrayContaining([expect.any(Object)]))
  const result = await assistant.call('saq_create_template', {
    name: 'Copy',
    category: 'Vendor Risk',
    sections,
    scoring,
  })
  expect(result.text).not.toContain('Input validation error')
})
