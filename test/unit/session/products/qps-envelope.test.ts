import { describe, expect, test } from 'vitest'
import type { Input } from '../../../../src/operations/operation.ts'
import { openInMemory, type ShownReply } from '../../../support/session/memory.ts'
import { row, success } from '../../../support/session/qps-answers.ts'

// Success in every form the API server may give it: XML or JSON, explicit or implied, one object or many.

/** The outcome of a call when every request gets this answer. */
const serveAnswer = (tool: string, args: Input, body: unknown): Promise<ShownReply> =>
  openInMemory({ body, headers: { 'content-type': 'text/xml' } }).call(tool, args)

/** The fields of a user for the usual columns. */
const usual =
  '<firstName>a</firstName><lastName>b</lastName><company>c</company><emailAddress>x@y.z</emailAddress>'
const users = (count: number): string =>
  Array.from({ length: count }, (_, place) => row('User', place + 1, usual)).join('')
const page = (parts: string, count = 2): string => success(`${parts}<data>${users(count)}</data>`)
const search = (body: unknown, pageSize = 5) => serveAnswer('saq_search_users', { pageSize }, body)

describe('whether there is more', () => {
  test.each(['true', 'TRUE', 'True', ' true ', '<![CDATA[true]]>'])(
    'hasMoreRecords %j: yes',
    async (said) => {
      const { structured } = await search(page(`<count>2</count><hasMoreRecords>${said}</hasMoreRecords>`))
      expect(structured).toMatchObject({ returned: 2, continuationToken: expect.any(String) })
      expect(structured).not.toHaveProperty('total')
    },
  )

  test.each(['false', 'FALSE', 'False'])('hasMoreRecords %j: no, also after a full page', async (said) => {
    const { structured } = await search(page(`<hasMoreRecords>${said}</hasMoreRecords><count>5</count>`, 5))
    expect(structured).toMatchObject({ returned: 5, total: 5 })
    expect(structured).not.toHaveProperty('continuationToken')
  })

  test.each([
    ['nothing', ''],
    ['an empty element', '<hasMoreRecords/>'],
    ['another word', '<hasMoreRecords>maybe</hasMoreRecords>'],
    ['two of them', '<hasMoreRecords>true</hasMoreRecords><hasMoreRecords>false</hasMoreRecords>'],
    ['a lastId alone', '<lastId>5</lastId>'],
  ])('%s hasMoreRecords: a full page has more after it, a shorter one has not', async (_name, said) => {
    expect((await search(page(said, 5))).structured.continuationToken).toEqual(expect.any(String))
    expect((await search(page(said, 4))).structured).toMatchObject({ returned: 4, total: 4 })
  })

  test.each([true, 'true', 'TRUE'])('in JSON: %j', async (hasMoreRecords) => {
    const data = [{ User: { id: 1 } }, { User: { id: 2 } }]
    const reply = (more: unknown) => ({
      ServiceResponse: { responseCode: 'SUCCESS', hasMoreRecords: more, data },
    })
    expect((await search(reply(hasMoreRecords))).structured.continuationToken).toEqual(expect.any(String))
    const no = typeof hasMoreRecords === 'string' ? 'false' : false
    expect((await search(reply(no))).structured).toMatchObject({ returned: 2, total: 2 })
  })

  test('hasMoreRecords, and no rows: the end, with a note', async () => {
    const { structured, isError } = await search(success('<hasMoreRecords>true</hasMoreRecords>'))
    expect(isError).toBe(false)
    expect(structured).toMatchObject({
      returned: 0,
      note: expect.stringContaining('says that there are more rows'),
    })
    expect(structured).not.toHaveProperty('continuationToken')
    expect(structured).not.toHaveProperty('total')
  })
})

describe('no rows', () => {
  test.each([
    ['no data', ''],
    ['an empty element', '<data/>'],
    ['an element of blanks', '<data>\n  </data>'],
    ['no count either', ''],
  ])('%s', async (_name, data) => {
    const body = success(`<count>0</count><hasMoreRecords>false</hasMoreRecords>${data}`)
    expect((await serveAnswer('saq_search_users', {}, body)).text).toBe('no users found')
  })

  const nothings = [null, '', {}, []]
  test.each([
    ...nothings,
    ...nothings.map((User) => ({ User })),
    ...nothings.map((list) => ({ list })),
    [{}],
    [null],
    [{ User: {} }],
  ])('JSON with data %j', async (data) => {
    const body = { ServiceResponse: { responseCode: 'SUCCESS', count: 0, hasMoreRecords: 'false', data } }
    expect((await serveAnswer('saq_search_users', {}, body)).text).toBe('no users found')
  })
})

describe('rows in JSON, where XML was requested', () => {
  test.each([
    ['each wrapped on its own', [{ User: { id: 1, title: 'x' } }, { User: { id: 2, title: 'y' } }]],
    ['one without the list', { User: { id: 1, title: 'x' } }],
    [
      'all under one name',
      {
        User: [
          { id: 1, title: 'x' },
          { id: 2, title: 'y' },
        ],
      },
    ],
  ])('%s', async (_name, data) => {
    const { structured } = await search({ ServiceResponse: { responseCode: 'SUCCESS', data } })
    const first = { id: '1', title: 'x' }
    expect(structured.rows).toMatchObject(
      structured.returned === 1 ? [first] : [first, { id: '2', title: 'y' }],
    )
  })

  test('with blanks before it', async () => {
    const data = [{ User: { id: 1 } }]
    const { structured } = await search(
      `\n\t ${JSON.stringify({ ServiceResponse: { responseCode: 'SUCCESS', data } })}`,
    )
    expect(structured.returned).toBe(1)
  })
})

describe('tags', () => {
  const tag = (id: number): string => `<Tag><id>${id}</id><name>t${id}</name></Tag>`
  const one = [{ id: '1', name: 't1' }]
  const two = [...one, { id: '2', name: 't2' }]
  test.each([
    ['one', `<tags>${tag(1)}</tags>`, one],
    ['two', `<tags>${tag(1)}${tag(2)}</tags>`, two],
    ['one in a list', `<tags><list>${tag(1)}</list></tags>`, one],
    ['two in a list', `<tags><list>${tag(1)}${tag(2)}</list></tags>`, two],
    ['counted, in a list', `<tags><count>2</count><list>${tag(1)}${tag(2)}</list></tags>`, two],
    ['of the sister modules', `<tags><list>${tag(1).replaceAll('Tag', 'TagSimple')}</list></tags>`, one],
    ['with attributes', `<tags size="2"><Tag n="1"><id>1</id><name>t1</name></Tag></tags>`, one],
    ['none', '', undefined],
    ['an empty element', '<tags/>', []],
    ['an empty list', '<tags><list/></tags>', []],
    ['an empty list, counted', '<tags><count>0</count><list/></tags>', []],
  ])('%s', async (_name, tags, expected) => {
    const { structured } = await serveAnswer(
      'saq_get_user',
      { userId: 1 },
      success(`<data>${row('User', 1, usual + tags)}</data>`),
    )
    expect(structured).not.toHaveProperty('note')
    expect(structured.rows[0]?.['tags']).toEqual(expected)
  })

  // The framework sends the count even if it leaves out an empty list.
  test('a count of none, and no list', async () => {
    const user = row('User', 1, `${usual}<tags><count>0</count></tags>`)
    const { structured } = await serveAnswer('saq_get_user', { userId: 1 }, success(`<data>${user}</data>`))
    expect(structured).not.toHaveProperty('note')
  })

  test.each([
    [
      'as requests have them',
      {
        Tag: [
          { id: 1, name: 't1' },
          { id: 2, name: 't2' },
        ],
      },
    ],
    [
      'in a list',
      { list: [{ TagSimple: { id: 1, name: 't1' } }, { TagSimple: { id: 2, name: 't2' } }], count: 2 },
    ],
  ])('in JSON, %s', async (_name, tags) => {
    const body = { ServiceResponse: { responseCode: 'SUCCESS', count: 1, data: [{ User: { id: 1, tags } }] } }
    const { structured } = await serveAnswer('saq_get_user', { userId: 1 }, body)
    expect(structured.rows[0]?.['tags']).toEqual([
      { id: '1', name: 't1' },
      { id: '2', name: 't2' },
    ])
  })
})

test('a count of rows that did not come is no empty list', async () => {
  const { error, text } = await search(success('<count>2</count><data/>'))
  expect(error).toMatchObject({ kind: 'drift' })
  expect(text).toMatch(/^Qualys' answer to saq_search_users counts 2 rows and holds none\. Call again/)
})

test('rows come with a list around them, or without', async () => {
  const { structured } = await search(success(`<count>2</count><data><list>${users(2)}</list></data>`))
  expect(structured.rows.map(({ id }) => id)).toEqual(['1', '2'])
})
