import { describe, expect, test } from 'vitest'
import type { Input } from '../../../../src/operations/operation.ts'
import { openInMemory, type ShownReply } from '../../../support/session/memory.ts'
import { row, success } from '../../../support/session/qps-answers.ts'

// Records, counts, and the fields of each: XML has only texts, and leaves out empty values.

const serveAnswer = (tool: string, args: Input, body: unknown): Promise<ShownReply> =>
  openInMemory({ body, headers: { 'content-type': 'text/xml' } }).call(tool, args)
const data = (objects: string): string => success(`<count>1</count><data>${objects}</data>`)
const getUser = (objects: string) => serveAnswer('saq_get_user', { userId: 1 }, data(objects))
const getCampaign = (more: string) =>
  serveAnswer('saq_get_campaign', { campaignId: 1 }, data(row('QuestionnaireCampaign', 1, more)))
const getTemplate = (more: string) =>
  serveAnswer('saq_get_template', { templateId: 1 }, data(row('Template', 1, more)))
const first = ({ structured }: ShownReply) => structured.rows[0] ?? {}

describe('counting', () => {
  const count = (body: unknown) => serveAnswer('saq_count_users', {}, body)
  test.each([
    ['<count>28</count>', 28],
    ['<COUNT>28</COUNT>', 28],
    ['<count> 28\n</count>', 28],
    ['<count>0</count>', 0],
    ['<count>28</count><data/>', 28],
    ['<count>28</count><hasMoreRecords>false</hasMoreRecords>', 28],
  ])('%s', async (parts, expected) => {
    const { structured, isError } = await count(success(parts))
    expect(isError).toBe(false)
    expect(structured.rows).toEqual([{ count: expected }])
    expect(structured).not.toHaveProperty('note')
  })

  test.each([28, '28'])('in JSON: %j', async (said) => {
    expect(first(await count({ ServiceResponse: { responseCode: 'SUCCESS', count: said } }))).toEqual({
      count: 28,
    })
  })

  test.each([
    '',
    '<count/>',
    '<count>many</count>',
    '<count>2.5</count>',
    '<count>1</count><count>2</count>',
  ])('%s is no count, and a note says so', async (parts) => {
    expect((await count(success(parts))).structured.note).toMatch(/count \((missing|another type)\)/)
  })
})

describe('numbers, flags and times', () => {
  test('have their types', async () => {
    const more =
      '<name>007</name><revision>12</revision><isLibrary>true</isLibrary><questionCnt>0</questionCnt><state>DRAFT</state>'
    expect(first(await getTemplate(more))).toEqual({
      id: '1',
      name: '007',
      revision: 12,
      isLibrary: true,
      questionCnt: 0,
      state: 'DRAFT',
    })
  })

  test.each([
    ['2019-10-23T05:47:16Z', '2019-10-23T05:47:16Z'],
    ['2019-10-23T05:47:16.123Z', '2019-10-23T05:47:16Z'],
    ['2019-10-23T05:47:16+02:00', '2019-10-23T03:47:16Z'],
    ['2019-10-23T05:47:16+0200', '2019-10-23T03:47:16Z'],
    ['1571809636000', '2019-10-23T05:47:16Z'],
  ])('the time %s', async (sent, shown) => {
    const names = ['dueDate', 'launchDate', 'created', 'updated']
    const times = names.map((name) => `<${name}>${sent}</${name}>`).join('')
    const { structured: campaign } = await getCampaign(`<name>c</name>${times}`)
    expect(campaign.rows[0]).toMatchObject(Object.fromEntries(names.map((name) => [name, shown])))
    expect(campaign).not.toHaveProperty('note')
    const asked = { questionnaireId: 1 }
    const one = data(row('Questionnaire', 1, `<dueDate>${sent}</dueDate>`))
    expect(first(await serveAnswer('saq_get_questionnaire', asked, one))).toEqual({ id: '1', dueDate: shown })
  })

  test.each([
    ['a time', '<dueDate>soon</dueDate>', /dueDate \(another type\)/],
    // The guide prints hyphens in the time, by mistake: no sample has them.
    ['a time with hyphens', '<dueDate>2019-10-23T05-47-16Z</dueDate>', /dueDate \(another type\)/],
    ['a time without a zone', '<dueDate>2019-10-23T05:47:16</dueDate>', /dueDate \(another type\)/],
    ['a name', '<name><first>c</first></name>', /name \(another type\)/],
    [
      'a notification',
      '<campaignNotification>on</campaignNotification>',
      /campaignNotification \(another type\)/,
    ],
    ['a template', '<template>722010</template>', /template \(another type\)/],
  ])('%s that is malformed is shown as it came, with a note', async (_name, part, note) => {
    const { structured, isError } = await getCampaign(`<status>ACTIVE</status>${part}`)
    expect(isError).toBe(false)
    expect(structured.rows[0]).toMatchObject({ id: '1', status: 'ACTIVE' })
    expect(structured.note).toMatch(note)
  })

  test.each([
    ['a flag', '<isLibrary>perhaps</isLibrary>', /isLibrary \(another type\)/],
    ['a number', '<questionCnt>a dozen</questionCnt>', /questionCnt \(another type\)/],
    ['a number with a fraction', '<revision>1.5</revision>', /revision \(another type\)/],
  ])('%s that is malformed as well', async (_name, part, note) => {
    const { structured } = await getTemplate(`<name>t</name>${part}`)
    expect(structured.rows[0]).toMatchObject({ name: 't' })
    expect(structured.note).toMatch(note)
  })

  test('an id of nineteen digits keeps all of them', async () => {
    const user = row('User', '9223372036854775807')
    expect(first(await getUser(user))).toEqual({ id: '9223372036854775807' })
    const { structured } = await serveAnswer(
      'saq_search_users',
      {},
      data(user + row('User', '9007199254740993')),
    )
    expect(structured.rows.map(({ id }) => id)).toEqual(['9223372036854775807', '9007199254740993'])
  })
})

describe('an empty element is absent', () => {
  test.each([
    'name',
    'status',
    'dueDate',
    'launchDate',
    'created',
    'template',
    'campaignNotification',
    'recipients',
  ])('<%s/> of a campaign', async (name) => {
    const { structured } = await getCampaign(`<workflowType>SIMPLE</workflowType><${name}/>`)
    expect(structured).not.toHaveProperty('note')
    expect(structured.rows[0]).toMatchObject({ id: '1', workflowType: 'SIMPLE' })
  })

  // A SIMPLE campaign has neither reviewer nor approver.
  test.each(['reviewer', 'approver', 'user'])('<%s/> of a campaign', async (name) => {
    const { structured } = await getCampaign(`<workflowType>SIMPLE</workflowType><${name}/>`)
    expect(structured).not.toHaveProperty('note')
  })

  test.each(['description', 'category', 'revision', 'isLibrary', 'questionCnt'])(
    '<%s/> of a template',
    async (name) => {
      const { structured } = await getTemplate(`<name>t</name><${name}/>`)
      expect(structured).not.toHaveProperty('note')
      expect(structured.rows[0]).toEqual({ id: '1', name: 't' })
    },
  )

  test('<elements/> of a template', async () => {
    expect((await getTemplate('<name>t</name><elements/>')).structured).not.toHaveProperty('note')
  })

  test.each([
    '<sections/>',
    '<sections/><scorings/>',
    '<sections><Section/></sections>',
    '<sections><Section><name>s</name><questions/></Section></sections>',
    '<sections><Section><name>s</name><questions><Question/></questions></Section></sections>',
  ])('%s among the elements of a template', async (inside) => {
    const { structured } = await getTemplate(`<name>t</name><elements>${inside}</elements>`)
    expect(structured).not.toHaveProperty('note')
  })
})

describe('one object', () => {
  test('attributes are ignored', async () => {
    const user = '<User id="7" xmlns:x="y"><id t="Long">1</id><title lang="en">dev</title></User>'
    expect(first(await getUser(user))).toEqual({ id: '1', title: 'dev' })
  })

  test('undocumented fields are kept, without a note', async () => {
    const { structured } = await getUser(
      row('User', 1, '<brandNew>x</brandNew><deep><er>7</er></deep><UPPER>y</UPPER>'),
    )
    expect(structured).not.toHaveProperty('note')
    expect(structured.rows[0]).toEqual({ id: '1', brandNew: 'x', 'deep.er': '7', UPPER: 'y' })
  })

  test.each([
    ['no data', ''],
    ['empty data', '<data/>'],
    ['data of words', '<data>none</data>'],
  ])('%s is drift', async (_name, parts) => {
    const { error, text } = await serveAnswer(
      'saq_get_user',
      { userId: 1 },
      success(`<count>0</count>${parts}`),
    )
    expect(error).toMatchObject({ kind: 'drift' })
    expect(text).toContain('saq_get_user with nothing')
  })

  test.each([
    ['an object without an id', '<User><title>x</title></User>'],
    ['attributes alone', '<User id="1" title="x"/>'],
    ['words alone', '<User>anna</User>'],
  ])('%s is not accepted as a user', async (_name, user) => {
    const { error, structured } = await getUser(user)
    expect(error?.['kind'] ?? structured.note).toMatch(/drift|Qualys/)
  })

  test.each([
    ['<User><title>x</title></User>', 'drift'],
    ['<User id="1"/>', undefined],
    ['<User>anna</User>', undefined],
  ])('in a list, %s does not break the rows beside it', async (odd, kind) => {
    const { error, structured } = await serveAnswer('saq_search_users', {}, data(row('User', 1) + odd))
    expect(error?.['kind']).toBe(kind)
    if (kind === undefined) expect(structured).toMatchObject({ returned: 2, note: expect.any(String) })
  })

  test('rows with names that JavaScript knows change nothing', async () => {
    const user = row('User', 1, '<toString>x</toString><hasOwnProperty>y</hasOwnProperty>')
    expect(first(await getUser(user))['id']).toBe('1')
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const { isError, error } = await getUser(row('User', 1, `<${name}><polluted>1</polluted></${name}>`))
      if (isError) expect(error).toMatchObject({ kind: 'drift' })
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('the version', () => {
  const version = (body: unknown) => serveAnswer('saq_get_version', {}, body)
  const portal =
    '<Portal-Version><A-VERSION>1.10</A-VERSION><QUESTIONNAIRE__V2-VERSION>2.0</QUESTIONNAIRE__V2-VERSION></Portal-Version>'
  const both = { 'A-VERSION': '1.10', 'QUESTIONNAIRE__V2-VERSION': '2.0' }

  test('in XML, though JSON was requested', async () => {
    expect(first(await version(data(portal)))).toEqual(both)
  })

  test('with one key', async () => {
    expect(first(await version(data('<Portal-Version><A-VERSION>1</A-VERSION></Portal-Version>')))).toEqual({
      'A-VERSION': '1',
    })
  })

  test('with that of another part beside it', async () => {
    const expected = { ...both, 'WEB-VERSION': '10' }
    expect(
      first(await version(data(`${portal}<QWeb-Version><WEB-VERSION>10</WEB-VERSION></QWeb-Version>`))),
    ).toEqual(expected)
    const objects = [{ 'Portal-Version': both }, { 'QWeb-Version': { 'WEB-VERSION': '10' } }]
    expect(
      first(await version({ ServiceResponse: { responseCode: 'SUCCESS', count: 2, data: objects } })),
    ).toEqual(expected)
  })
})
