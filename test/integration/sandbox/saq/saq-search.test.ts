import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { at, criteria, filters, SaqClient } from './saq-client.ts'

let saq: SaqClient
beforeAll(async () => {
  saq = await SaqClient.arrive()
})
beforeEach(async () => {
  await saq.visitor.control('POST', 'reset')
})
afterAll(() => saq.leave())

const preferences = (content: Record<string, number | string>) =>
  `<preferences>${Object.entries(content)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</preferences>`
const ids = (rows: Parameters<typeof at>[0][]) => rows.map((row) => Number(at(row, 'id')))
const storedIds = async (kind: string) => (await saq.visitor.dump<{ id: number }>(kind)).map(({ id }) => id)

describe('paging', () => {
  test('a page says how many rows it has, whether there are more, and its last id', async () => {
    const { parts, count, more, lastId, rows, headers } = await saq.post('search/saq/user')
    expect(headers.get('content-type')).toBe('application/xml')
    expect(parts).toEqual(['responseCode', 'count', 'hasMoreRecords', 'lastId', 'data'])
    expect([count, rows.length, more, lastId]).toEqual([100, 100, 'true', ids(rows).at(-1)])
    expect(ids(rows)).toEqual((await storedIds('users')).slice(0, 100))
  })

  test.each([7, 250, 1_000])(
    'walks all 3,000 questionnaires by offset, %i at a time',
    async (limitResults) => {
      const seen: number[] = []
      for (let more = 'true'; more === 'true'; ) {
        const page = await saq.post(
          'search/saq/questionnaire/',
          preferences({ limitResults, startFromOffset: seen.length + 1 }),
        )
        seen.push(...ids(page.rows))
        more = page.more ?? ''
        if (limitResults === 7 && seen.length > 100) break
      }
      const all = await storedIds('questionnaires')
      expect(all).toHaveLength(3_000)
      expect(seen).toEqual(limitResults === 7 ? all.slice(0, seen.length) : all)
    },
  )

  test.each([
    ['id GREATER', (last: number) => filters(criteria('id', 'GREATER', last)), ''],
    ['startFromId', () => '', 'startFromId'],
  ])('walks all 3,000 questionnaires by %s', async (_, filter, preference) => {
    const seen: number[] = []
    let last = 0
    for (let calls = 0; calls < 20; calls++) {
      const start = preference === '' ? {} : { [preference]: last + 1 }
      const page = await saq.post(
        'search/saq/questionnaire',
        preferences({ limitResults: 500, ...start }) + filter(last),
      )
      seen.push(...ids(page.rows))
      if (page.more !== 'true') {
        expect(page.lastId).toBeUndefined()
        break
      }
      last = page.lastId ?? Number.NaN
    }
    expect(seen).toEqual(await storedIds('questionnaires'))
  })

  test('the last page, and one after it', async () => {
    const last = await saq.post('search/saq/user', preferences({ startFromOffset: 4_991 }))
    expect([last.count, last.more, last.lastId]).toEqual([10, 'false', undefined])
    const pastEnd = await saq.post('search/saq/user', preferences({ startFromOffset: 5_001 }))
    expect([pastEnd.code, pastEnd.count, pastEnd.more, pastEnd.parts.includes('data')]).toEqual([
      'SUCCESS',
      0,
      'false',
      false,
    ])
    const full = await saq.post('search/saq/user', preferences({ startFromOffset: 4_901 }))
    expect([full.count, full.more]).toEqual([100, 'false'])
    const butOne = await saq.post('search/saq/user', preferences({ startFromOffset: 4_900 }))
    expect([butOne.count, butOne.more, butOne.lastId]).toEqual([100, 'true', ids(butOne.rows).at(-1)])
  })

  test.each([
    ['limitResults', '0', 'a number from 1 to 1000'],
    ['limitResults', '1001', 'a number from 1 to 1000'],
    ['limitResults', 'many', 'a number from 1 to 1000'],
    ['startFromOffset', '0', 'a Long'],
    ['startFromOffset', '-1', 'a Long'],
    ['startFromId', '1.5', 'a Long'],
  ])('%s of %s is refused', async (name, value, resolution) => {
    expect(await saq.post('search/saq/user', preferences({ [name]: value }))).toMatchObject({
      status: 200,
      code: 'INVALID_REQUEST',
      message: `${name}: Invalid value (${value}).`,
      resolution: `Specify ${name} as ${resolution}.`,
    })
  })

  test('knobs: hasMoreRecords, lastId, id GREATER', async () => {
    const parts = async (limitResults: number) =>
      (await saq.post('search/saq/template', preferences({ limitResults }))).parts.slice(2)
    await saq.knobs({ hasMoreRecords: 'whenMore' })
    expect([await parts(5), await parts(500)]).toEqual([['hasMoreRecords', 'lastId', 'data'], ['data']])
    await saq.knobs({ hasMoreRecords: 'never' })
    expect(await parts(5)).toEqual(['lastId', 'data'])
    await saq.knobs({ hasMoreRecords: 'always', lastId: false })
    expect(await parts(5)).toEqual(['hasMoreRecords', 'data'])
    await saq.knobs({ idGreater: false })
    expect(await saq.post('search/saq/template', filters(criteria('id', 'GREATER', 1)))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'Criteria.operator: Invalid value (GREATER).',
      resolution: "Specify one of the operators for 'id': EQUALS, IN.",
    })
  })
})
