import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { elements, open, section, wholeTemplate } from './saq-bodies.ts'
import { at, criteria, data, filters, SaqClient, within } from './saq-client.ts'

let saq: SaqClient
beforeEach(async () => {
  saq = await SaqClient.arrive()
})
afterEach(() => saq.leave())

const create = (content: string) => saq.post('create/saq/template', data('Template', content))
const id = (content: number | string) => data('Template', `<id>${content}</id>`)

describe('create', () => {
  test('returns the whole draft, and stores it', async () => {
    const { code, count, rows } = await create(wholeTemplate)
    const [template] = rows
    expect([code, count, template?.name]).toEqual(['SUCCESS', 1, 'Template'])
    const paths = ['name', 'category', 'revision', 'isLibrary', 'questionCnt', 'state', 'description']
    expect(paths.map((path) => at(template, path))).toEqual(['Mine', 'c', '1', 'false', '3', 'DRAFT', 'd'])
    const sections = within(template, 'elements.sections')
    expect(sections.map((one) => within(one, 'questions').length)).toEqual([2, 1])
    const [first, second] = within(sections[0], 'questions')
    expect(first?.children.map(({ name, text }) => [name, text.trim()])).toEqual(
      expect.arrayContaining([
        ['text', 'Is <it> so?'],
        ['mode', 'Button'],
        ['criticality', 'CRITICAL'],
        ['requireAttachment', 'true'],
        ['requireComment', 'false'],
        ['noScoringLabel', 'Bad'],
      ]),
    )
    expect(at(second, 'mode')).toBe('Radio')
    expect(within(second, 'options').map((one) => at(one, 'text'))).toEqual(['A', 'B'])
    expect(await saq.row('template', Number(at(template, 'id')))).toEqual(template)
  })

  test('keeps sections within sections, and counts their questions', async () => {
    const inner = section(open, open)
    const outer = `<Section><name>Outer</name><sections>${inner}${inner}</sections></Section>`
    const { rows } = await create(`<name>Deep</name><category>c</category>${elements(outer, section(open))}`)
    expect(at(rows[0], 'questionCnt')).toBe('5')
    const [first] = within(rows[0], 'elements.sections')
    expect(within(first, 'questions')).toEqual([])
    expect(within(first, 'sections').map((one) => within(one, 'questions').length)).toEqual([2, 2])
    const empty = `<name>x</name><category>c</category>${elements('<Section><name>One</name></Section>')}`
    expect((await create(empty)).message).toBe('Section.questions: Element is required.')
  })

  test.each([
    ['known', []],
    ['ids', ['id']],
    ['weights', ['id', 'weight']],
  ])('shows further fields of questions with the knob templateFields %s', async (templateFields, names) => {
    await saq.visitor.control('PATCH', 'knobs', { templateFields })
    const { rows } = await create(wholeTemplate)
    const questions = within(rows[0], 'elements.sections').flatMap((one) => within(one, 'questions'))
    expect(questions).toHaveLength(3)
    for (const { children } of questions)
      expect(children.map(({ name }) => name).filter((name) => ['id', 'weight'].includes(name))).toEqual(
        names,
      )
    const ids = questions.flatMap(({ children }) => children.filter(({ name }) => name === 'id'))
    expect(new Set(ids.map(({ text }) => text)).size).toBe(ids.length)
  })

  test('from the library, under its name or another', async () => {
    const from = '<libraryTemplate><id>10030</id></libraryTemplate>'
    const own = (await create(`${from}<name>Ours</name>`)).rows[0]
    expect(['name', 'isLibrary', 'questionCnt', 'state', 'revision'].map((path) => at(own, path))).toEqual([
      'Ours',
      'true',
      '24',
      'DRAFT',
      '1',
    ])
    expect(at((await create(from)).rows[0], 'name')).toBe('Vendor Risk Assessment')
    expect((await create('<libraryTemplate><id>722010</id></libraryTemplate>')).message).toBe(
      'libraryTemplate.id: Invalid value (722010).',
    )
    expect((await create(`${from}<category>c</category>`)).message).toBe('category: Element must not be set.')
  })

  test('one object at a time, with the right name', async () => {
    expect((await saq.post('create/saq/template')).message).toBe('data: Element is required.')
    expect((await saq.post('create/saq/template', '<data/>')).message).toBe('Template: Element is required.')
    expect((await saq.post('create/saq/template', data('User', ''))).message).toBe(
      'User: Element must not be set.',
    )
    const two = `<data><Template>${wholeTemplate}</Template><Template>${wholeTemplate}</Template></data>`
    expect((await saq.post('create/saq/template', two)).message).toBe('Template: Element must not be set.')
    expect(
      (await saq.post('create/saq/template', `${filters()}${data('Template', wholeTemplate)}`)).message,
    ).toBe('filters: Element must not be set.')
  })

  test('an unknown element is ignored with a knob', async () => {
    await saq.knobs({ strictEffects: false })
    expect((await create(`${wholeTemplate}<colour>red</colour>`)).code).toBe('SUCCESS')
  })
})

describe('the lifecycle of a template', () => {
  test('publish accepts a draft, once', async () => {
    const draft = Number(at((await create(wholeTemplate)).rows[0], 'id'))
    const { code, rows } = await saq.post('publish/saq/template', id(draft))
    expect([code, at(rows[0], 'id'), at(rows[0], 'state')]).toEqual(['SUCCESS', String(draft), 'PUBLISHED'])
    expect(within(rows[0], 'elements.sections')).toHaveLength(2)
    expect(await saq.post('publish/saq/template', id(draft))).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'state: Invalid value (PUBLISHED).',
      resolution: 'Only templates in state DRAFT can be published.',
    })
    expect((await saq.post('publish/saq/template', id(1))).code).toBe('OBJECT_NOT_FOUND')
    expect((await saq.post('publish/saq/template')).message).toBe('id: Element is required.')
  })

  test('a new version answers with the old id, and is found by its family', async () => {
    const old = await saq.row('template', 722010)
    const { rows, count } = await saq.post('newversion/saq/template/722010', id(722010))
    expect([count, rows[0]?.children.map(({ name, text }) => [name, text])]).toEqual([1, [['id', '722010']]])
    const family = filters(criteria('familyId', 'EQUALS', at(old, 'familyId') ?? ''))
    const found = (await saq.post('search/saq/template', family)).rows
    expect(found.map((row) => [at(row, 'revision'), at(row, 'state'), at(row, 'questionCnt')])).toEqual([
      ['1', 'PUBLISHED', '19'],
      ['2', 'DRAFT', '19'],
    ])
    await saq.post('newversion/saq/template/722010')
    const revisions = (await saq.post('search/saq/template', family)).rows.map((row) => at(row, 'revision'))
    expect(revisions).toEqual(['1', '2', '3'])
    const draft = at(found[1], 'id') ?? ''
    expect((await saq.post(`newversion/saq/template/${draft}`)).message).toBe('state: Invalid value (DRAFT).')
    await saq.knobs({ newVersionAnswers: 'newId' })
    const third = (await saq.post('newversion/saq/template', id(82968))).rows[0]
    expect(at(third, 'id')).toBe(String(Number(draft) + 2))
    expect((await saq.post('newversion/saq/template/722010', id(82968))).message).toBe(
      'id: Invalid value (82968).',
    )
    expect((await saq.post('newversion/saq/template')).message).toBe('id: Element is required.')
  })

  test('an update changes the filtered templates, and returns them in full', async () => {
    const update = (content: string, ...all: string[]) =>
      saq.post('update/saq/template', filters(...all) + data('Template', content))
    const { count, rows } = await update(
      '<description>test-api</description>',
      criteria('name', 'EQUALS', 'template-using-api'),
    )
    expect([count, at(rows[0], 'description'), within(rows[0], 'elements.sections').length]).toEqual([
      1,
      'test-api',
      1,
    ])
    expect(await saq.count('template', criteria('description', 'EQUALS', 'test-api'))).toBe(1)
    const drafts = await saq.count('template', criteria('state', 'EQUALS', 'DRAFT'))
    const content = elements(section(open))
    expect((await update(content, criteria('state', 'EQUALS', 'DRAFT'))).count).toBe(drafts)
    expect(await saq.count('template', criteria('questionCnt', 'EQUALS', 1))).toBe(drafts)
    const refused = await update(`<name>n</name>${content}`, criteria('name', 'CONTAINS', 'vendor'))
    expect([refused.code, refused.message]).toEqual(['INVALID_REQUEST', 'state: Invalid value (PUBLISHED).'])
    expect(await saq.count('template', criteria('name', 'EQUALS', 'n'))).toBe(0)
    expect((await update('<name>n</name>', criteria('id', 'EQUALS', 1))).count).toBe(0)
    expect((await update('<id>1</id>', criteria('id', 'EQUALS', 1))).message).toBe(
      'id: Element must not be set.',
    )
    expect((await update('<name>n</name>', criteria('id', 'GREATER', 1))).code).toBe('INVALID_REQUEST')
  })

  test('an update without filters changes all templates', async () => {
    const { count } = await saq.post('update/saq/template', data('Template', '<category>all</category>'))
    expect(count).toBe(47)
    expect(await saq.count('template', criteria('category', 'EQUALS', 'all'))).toBe(47)
  })

  test('delete accepts what no campaign needs', async () => {
    const draft = at((await create(wholeTemplate)).rows[0], 'id')
    const { rows, count } = await saq.post(`delete/saq/template/${draft}`)
    expect([count, rows[0]?.children.map(({ name, text }) => [name, text])]).toEqual([1, [['id', draft]]])
    expect((await saq.get(`get/saq/template/${draft}`)).code).toBe('OBJECT_NOT_FOUND')
    expect((await saq.post(`delete/saq/template/${draft}`)).code).toBe('OBJECT_NOT_FOUND')
    expect(await saq.post('delete/saq/template/722010')).toMatchObject({
      code: 'INVALID_REQUEST',
      message: 'id: Invalid value (722010).',
      resolution: 'Campaign 640002 uses the template.',
    })
  })
})
