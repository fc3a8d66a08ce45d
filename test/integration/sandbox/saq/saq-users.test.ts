import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nameElement, person, tags } from './saq-bodies.ts'
import { at, criteria, data, filters, SaqClient, within } from './saq-client.ts'

let saq: SaqClient
beforeEach(async () => {
  saq = await SaqClient.arrive()
})
afterEach(() => saq.leave())

const create = (...people: string[]) =>
  saq.post('create/saq/user', `<data>${people.map((one) => `<User>${one}</User>`).join('')}</data>`)
const tagNames = async (id: string | undefined) =>
  within(await saq.row('user', Number(id)), 'tags').map((tag) => at(tag, 'name'))
const onlyIds = (rows: { children: { name: string }[] }[]) =>
  rows.every(({ children }) => children.length === 1 && children[0]?.name === 'id')

describe('create', () => {
  test('one: without title and tags in the answer, with both in the record', async () => {
    const { code, count, rows } = await create(
      person(
        'ann',
        `<title>CISO</title>${tags('set', nameElement('GDPR processor'), nameElement('Brand new'), '<id>7513412</id>')}`,
      ),
    )
    expect([code, count]).toEqual(['SUCCESS', 1])
    expect(rows[0]?.children.map(({ name }) => name)).toEqual([
      'id',
      'uuid',
      'firstName',
      'lastName',
      'company',
      'emailAddress',
    ])
    const id = at(rows[0], 'id')
    const user = await saq.row('user', Number(id))
    expect([at(user, 'company'), at(user, 'title'), at(user, 'userName')]).toEqual([
      'Start & Up',
      'CISO',
      undefined,
    ])
    expect(await tagNames(id)).toEqual(['GDPR processor', 'Brand new', 'EMEA vendors'])
    expect(await saq.count('user', criteria('tags.tag.name', 'EQUALS', 'Brand new'))).toBe(1)
  })

  test('several at once: all of them, or none', async () => {
    const { count, rows } = await create(
      person('a'),
      person('b'),
      person('c', tags('add', nameElement('Together'))),
    )
    expect([count, rows.map((row) => at(row, 'firstName'))]).toEqual([3, ['a', 'b', 'c']])
    const ids = rows.map((row) => Number(at(row, 'id')))
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
    expect(Math.min(...ids)).toBeGreaterThan(767231592)
    for (const bad of [person('d').replace('startup.example', 'x'), person('A'), person('e', '<tags/>')]) {
      expect((await create(person('d'), bad)).code).toBe('INVALID_REQUEST')
    }
    expect(await saq.count('user')).toBe(5_003)
  })
})

describe('update', () => {
  test('text is stored unchanged: blanks, line ends, markup', async () => {
    const text = ' <b>  x\n\ty & "z" ]]> 東京 \u202e '
    const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    await saq.post('update/saq/user/339590', data('User', `<company>${escaped}</company>`))
    expect(at(await saq.row('user', 339590), 'company')).toBe(text)
    await saq.post('update/saq/user/339590', data('User', `<title><![CDATA[ <i>&amp; ]]></title>`))
    expect(at(await saq.row('user', 339590), 'title')).toBe(' <i>&amp; ')
    await saq.post('update/saq/user/339590', data('User', '<emailAddress> r@x.example\n</emailAddress>'))
    expect(at(await saq.row('user', 339590), 'emailAddress')).toBe('r@x.example')
  })

  test('one, by id in path and body', async () => {
    const { code, count, rows } = await saq.post(
      'update/saq/user/339590',
      data('User', '<id>339590</id><lastName>Newname</lastName><userName>rr</userName>'),
    )
    expect([code, count, onlyIds(rows), at(rows[0], 'id')]).toEqual(['SUCCESS', 1, true, '339590'])
    const user = await saq.row('user', 339590)
    expect(['firstName', 'lastName', 'userName', 'company'].map((path) => at(user, path))).toEqual([
      'responder',
      'Newname',
      'rr',
      'Contoso Cloud',
    ])
    expect((await saq.post('update/saq/user/339590', data('User', '<id>400591</id>'))).message).toBe(
      'id: Invalid value (400591).',
    )
    expect((await saq.post('update/saq/user/1', data('User', '<lastName>x</lastName>'))).code).toBe(
      'OBJECT_NOT_FOUND',
    )
    expect((await saq.post('update/saq/user/339590')).message).toBe('data: Element is required.')
  })

  test('tags are set, added and removed', async () => {
    const update = (content: string) => saq.post('update/saq/user/339590', data('User', content))
    await update(tags('set', nameElement('A'), nameElement('B')))
    expect(await tagNames('339590')).toEqual(['A', 'B'])
    await update(tags('add', nameElement('B'), nameElement('C')))
    expect(await tagNames('339590')).toEqual(['A', 'B', 'C'])
    await update(tags('remove', nameElement('A'), nameElement('Never there')))
    expect(await tagNames('339590')).toEqual(['B', 'C'])
    expect((await update('<tags/>')).message).toBe(
      'At least one of the following elements must be set: set, add, remove.',
    )
  })

  test('an address of another user is refused, its own in other letter case is not', async () => {
    const update = (address: string) =>
      saq.post('update/saq/user/339590', data('User', `<emailAddress>${address}</emailAddress>`))
    expect((await update('ravi.iyer@acme.example')).message).toBe(
      'emailAddress: Invalid value (ravi.iyer@acme.example).',
    )
    expect((await update('Responder.R@contoso-cloud.example')).code).toBe('SUCCESS')
  })

  test('many, by filters', async () => {
    const two = filters(criteria('id', 'IN', '767231592,713091591'))
    const { count, rows } = await saq.post('update/saq/user', two + data('User', '<lastName>Both</lastName>'))
    expect([count, onlyIds(rows), rows.map((row) => at(row, 'id'))]).toEqual([
      2,
      true,
      ['713091591', '767231592'],
    ])
    expect(await saq.count('user', criteria('lastName', 'EQUALS', 'Both'))).toBe(2)
    const address = data('User', '<emailAddress>one@x.example</emailAddress>')
    expect((await saq.post('update/saq/user', two + address)).message).toBe(
      'emailAddress: Invalid value (one@x.example).',
    )
    expect((await saq.post('update/saq/user', two + data('User', '<id>1</id>'))).message).toBe(
      'id: Element must not be set.',
    )
    const none = filters(criteria('id', 'EQUALS', 1)) + data('User', '<title>x</title>')
    expect(await saq.post('update/saq/user', none)).toMatchObject({ code: 'SUCCESS', count: 0, rows: [] })
  })

  test('without filters everybody', async () => {
    expect((await saq.post('update/saq/user', data('User', '<company>One</company>'))).count).toBe(5_000)
    expect(await saq.count('user', criteria('company', 'EQUALS', 'One'))).toBe(5_000)
  })
})

describe('delete', () => {
  test.each(['GET', 'POST'])('one by %s', async (method) => {
    const path = 'delete/saq/user/401990'
    const { code, count, rows } = method === 'GET' ? await saq.get(path) : await saq.post(path)
    expect([code, count, onlyIds(rows), at(rows[0], 'id')]).toEqual(['SUCCESS', 1, true, '401990'])
    expect((await saq.get('get/saq/user/401990')).code).toBe('OBJECT_NOT_FOUND')
    expect((await saq.post(path)).code).toBe('OBJECT_NOT_FOUND')
    expect(await saq.count('user')).toBe(4_999)
  })

  test('one, with its id in the body too', async () => {
    const path = 'delete/saq/user/401990'
    expect((await saq.post(path, data('User', '<id>400591</id>'))).message).toBe(
      'id: Invalid value (400591).',
    )
    expect((await saq.post(path, data('User', '<id>401990</id><title/>'))).code).toBe('INVALID_REQUEST')
    expect((await saq.post(path, filters())).message).toBe('filters: Element must not be set.')
    expect((await saq.post(path, data('User', '<id>401990</id>'))).code).toBe('SUCCESS')
  })

  test('many, as the page has it: 49 of them', async () => {
    const newVendors = criteria('firstName', 'EQUALS', 'NewVendor')
    const { count, rows } = await saq.post('delete/saq/user', filters(newVendors))
    expect([count, rows.length, onlyIds(rows)]).toEqual([49, 49, true])
    expect(await saq.count('user', newVendors)).toBe(0)
    expect(await saq.count('user')).toBe(4_951)
    expect((await saq.post('delete/saq/user', data('User', ''))).message).toBe(
      'data: Element must not be set.',
    )
  })

  test.each(['<ServiceRequest/>', '<ServiceRequest><filters/></ServiceRequest>', ''])(
    'without filters everybody: %j',
    async (body) => {
      expect((await saq.raw('delete/saq/user', body)).count).toBe(5_000)
      expect(await saq.count('user')).toBe(0)
      const { rows } = await create(person('first'))
      expect(Number(at(rows[0], 'id'))).toBeGreaterThan(767231592)
    },
  )

  test('a deleted user is removed from campaigns that are not launched, and from no others', async () => {
    const recipients = async (id: number) => within(await saq.row('questionnairecampaign', id), 'recipients')
    const [inactive, active] = await Promise.all([1111001, 640002].map(recipients))
    const gone = [inactive?.[0], active?.[0]].map((row) => at(row, 'id')).join(',')
    expect((await saq.post('delete/saq/user', filters(criteria('id', 'IN', gone)))).count).toBe(2)
    expect([(await recipients(1111001)).length, (await recipients(640002)).length]).toEqual([59, 420])
    expect(await saq.count('questionnaire')).toBe(3_000)
  })
})
