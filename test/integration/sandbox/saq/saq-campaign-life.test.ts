import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { campaign, fullCampaign } from './saq-bodies.ts'
import { at, criteria, filters, SaqClient } from './saq-client.ts'

let saq: SaqClient
beforeEach(async () => {
  saq = await SaqClient.arrive()
})
afterEach(() => saq.leave())

const create = (content: string) => saq.post('create/saq/questionnairecampaign', campaign(content))
const update = (id: number | string, content: string) =>
  saq.post('update/saq/questionnairecampaign', campaign(`<id>${id}</id>${content}`))
const act = (verb: string, id: number | string, body = '') =>
  saq.post(`${verb}/saq/questionnairecampaign/${id}`, body)
const createCampaign = async (content = fullCampaign) => Number(at((await create(content)).rows[0], 'id'))
const questionnaires = async (id: number) => {
  const content = filters(criteria('campaign.id', 'EQUALS', id))
  return (await saq.post('search/saq/questionnaire', content)).rows
}
const states = async (id: number) => (await questionnaires(id)).map((row) => at(row, 'state'))
const days = (count: number) => saq.visitor.advance(count * 86_400)

describe('afterwards', () => {
  test('questionnaires progress with the clock: review, approval, the end', async () => {
    await act('launch', 1111001)
    const seen = new Set<string | undefined>()
    for (let day = 0; day < 12; day++) {
      for (const state of await states(1111001)) seen.add(state)
      await days(0.7)
    }
    expect([...seen].sort()).toEqual(['APPROVAL', 'CLOSED', 'INFORMATION_GATHERING', 'REVIEW'])
    const rows = await questionnaires(1111001)
    for (const row of rows) {
      expect(at(row, 'risk') === undefined).toBe(at(row, 'state') === 'INFORMATION_GATHERING')
    }
    expect(new Set(rows.map((row) => at(row, 'risk'))).size).toBeGreaterThan(3)
  })

  test('the progress is the same in every sandbox of one seed', async () => {
    const other = await SaqClient.arrive()
    const shown = async (visitor: SaqClient) => {
      await visitor.post('launch/saq/questionnairecampaign/1111001')
      await visitor.visitor.advance(4 * 86_400)
      const content = filters(criteria('campaign.id', 'EQUALS', 1111001))
      const { rows } = await visitor.post('search/saq/questionnaire', content)
      return rows.map((row) => ['id', 'title', 'state', 'risk'].map((path) => at(row, path)))
    }
    expect(await shown(other)).toEqual(await shown(saq))
    await other.leave()
  })

  test('a SIMPLE campaign only has answers, and is COMPLETE when all have ended', async () => {
    await act('launch', 993251)
    await days(7)
    expect([...new Set(await states(993251))].sort()).toEqual(['CLOSED', 'INFORMATION_GATHERING'])
    expect(at(await saq.row('questionnairecampaign', 993251), 'status')).toBe('ACTIVE')
    await days(100)
    expect([...new Set(await states(993251))].sort()).toEqual(['CLOSED', 'INCOMPLETE'])
    expect(at(await saq.row('questionnairecampaign', 993251), 'status')).toBe('COMPLETE')
  })

  test('overdue questionnaires get more time when the date moves', async () => {
    const id = await createCampaign(fullCampaign.replace('2026-12-31', '2026-11-30'))
    await saq.knobs({ answerDays: 1_000 })
    await act('launch', id)
    await update(id, '<dueDate>2027-01-31T00:00:00Z</dueDate>')
    await days(40)
    expect(new Set(await states(id))).toEqual(new Set(['INFORMATION_GATHERING']))
    await days(50)
    expect(new Set(await states(id))).toEqual(new Set(['INCOMPLETE']))
  })

  test('their duration is a knob', async () => {
    await saq.knobs({ answerDays: 0.01 })
    await act('launch', 1111001)
    await saq.visitor.advance(3_600)
    const closed = (await states(1111001)).filter((state) => state === 'CLOSED')
    expect(closed.length).toBeGreaterThan(40)
  })

  test('seeded campaigns do not change', async () => {
    const before = await saq.visitor.dump('questionnaires')
    await days(60)
    expect(await saq.visitor.dump('questionnaires')).toEqual(before)
  })
})

describe('the end', () => {
  test('cancel ends open questionnaires', async () => {
    const count = (state: string) =>
      saq.count('questionnaire', criteria('campaign.id', 'EQUALS', 640002), criteria('state', 'IN', state))
    const [closed, incomplete] = [await count('CLOSED'), await count('INCOMPLETE')]
    const { code, rows } = await act('cancel', 640002, campaign('<id>640002</id>'))
    expect([code, at(rows[0], 'status'), rows[0]?.children.length]).toEqual(['SUCCESS', 'CANCELED', 14])
    expect(await count('INFORMATION_GATHERING,REVIEW,APPROVAL')).toBe(0)
    expect([await count('CLOSED'), await count('INCOMPLETE')]).toEqual([closed, incomplete])
    expect(await count('CANCELED')).toBe(420 - closed - incomplete)
    expect((await act('cancel', 640002)).message).toBe('status: Invalid value (CANCELED).')
    expect((await act('cancel', 1111001)).message).toBe('status: Invalid value (INACTIVE).')
  })

  test('after cancel nothing changes', async () => {
    await act('launch', 1111001)
    await act('cancel', 1111001)
    await days(200)
    expect(new Set(await states(1111001))).toEqual(new Set(['CANCELED']))
    expect(at(await saq.row('questionnairecampaign', 1111001), 'status')).toBe('CANCELED')
  })

  test('delete removes the questionnaires too', async () => {
    const { code, count, rows } = await act('delete', 640002)
    expect([code, count, rows[0]?.children.map(({ name, text }) => [name, text])]).toEqual([
      'SUCCESS',
      1,
      [['id', '640002']],
    ])
    expect(await saq.count('questionnaire')).toBe(2_580)
    expect((await act('delete', 640002)).code).toBe('OBJECT_NOT_FOUND')
    expect((await act('delete', 1111001, campaign('<id>640002</id>'))).message).toBe(
      'id: Invalid value (640002).',
    )
    expect((await act('delete', 1111001)).code).toBe('SUCCESS')
    expect(await createCampaign()).toBe(1111002)
  })
})
