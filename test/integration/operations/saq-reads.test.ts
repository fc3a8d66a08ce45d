import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { operations } from '../../../src/operations/index.ts'
import { readXml } from '../../../src/sandbox/xml-reader.ts'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'

// What the reads of SAQ take, to the letter, and what they refuse before anything is sent.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_UNVERIFIED: 'all' })
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

/** Refused in one line of bearable length that says what is allowed; and nothing was sent. */
async function expectRefused(tool: string, args: object, says: RegExp): Promise<void> {
  const { text, isError } = await assistant.call(tool, args)
  expect(text).toMatch(says)
  expect(text).toMatch(/^[^\n]{30,900}$/)
  expect(isError).toBe(true)
  expect(await sandbox.control.requests()).toEqual([])
}

const reads = operations.filter(({ name, effect }) => name.startsWith('saq_') && effect === 'read')
const filtering = reads.filter(({ name }) => /_(search|count)_/.test(name))
const getting = reads.filter(({ name }) => /_get_(?!version)/.test(name))
const idNames = /^(id|tagId|campaignId)$/
const numberNames = /^(revision|questionCnt)$/
const wordNames = /^(state|status|workflowType|risk)$/
const inputsOf = (wanted: (argument: string) => boolean) =>
  filtering.flatMap(({ name, input }) =>
    Object.keys(input)
      .filter(wanted)
      .map((argument) => [name, argument] as const),
  )
const ids = inputsOf((argument) => idNames.test(argument))
const numbers = inputsOf((argument) => numberNames.test(argument))
const words = inputsOf((argument) => wordNames.test(argument))
const texts = inputsOf(
  (argument) => ![idNames, numberNames, wordNames, /^isLibrary$/].some((others) => others.test(argument)),
)

test('every input of every filter is one of these kinds', () => {
  const flags = inputsOf((argument) => argument === 'isLibrary')
  const kinds = [ids, numbers, words, texts, flags]
  for (const inputs of kinds) expect(inputs.length).toBeGreaterThan(2)
  expect(kinds.flat()).toHaveLength(inputsOf(() => true).length)
  expect(getting).toHaveLength(4)
})

const slips = [
  'R&D <b> "c" \'d\' ]]> #1 100% a+b; a,b/c\\d',
  '&amp; &lt; &#65; &#x41; &nbsp;',
  '<![CDATA[x]]> <!-- y --> <?z ?> <!DOCTYPE a>',
  'Grün ß € 漢字 ‏עברית 😀👩‍👩‍👧 \u{10ffff}',
  'one\ntwo\tthree\r\nfour\rfive',
  '  blanks around  ',
  '__proto__',
  'true',
  'null',
  '007',
  'é\u0301\u00a0\u2028\u0085\u007f',
  'x'.repeat(256),
]
describe('a text arrives as it is', () => {
  test.each(texts)('%s %s', async (tool, argument) => {
    for (const value of slips) {
      await sandbox.control.forget()
      const { isError, text } = await assistant.call(tool, { [argument]: value })
      expect(isError, `${JSON.stringify(value)}: ${text}`).toBe(false)
      const [{ body } = { body: '' }] = await sandbox.control.requests()
      const filters = readXml(body).children.find(({ name }) => name === 'filters')
      expect(filters?.children).toHaveLength(1)
      const [{ text: sent, attributes } = { text: undefined, attributes: {} }] = filters?.children ?? []
      expect(sent).toBe(value)
      expect(attributes).toMatchObject({ operator: argument.endsWith('Contains') ? 'CONTAINS' : 'EQUALS' })
    }
  })

  test('and is found by it', async () => {
    const found = async (args: object) =>
      (await assistant.call('saq_search_campaigns', args, 'json')).structured.rows
    expect(await found({ name: 'Cloud <EMEA> & friends' })).toMatchObject([{ id: '816627' }])
    expect(await found({ nameContains: '<emea> &' })).toMatchObject([{ id: '816627' }])
    expect(await found({ name: 'Cloud &lt;EMEA&gt; &amp; friends' })).toEqual([])
    const templates = await assistant.call('saq_search_templates', { nameContains: 'サプライヤー' }, 'json')
    expect(templates.structured.returned).toBeGreaterThan(0)
  })
})

describe('a text that is none', () => {
  const wrong: readonly (readonly [name: string, value: unknown, says: RegExp])[] = [
    ['nothing', '', /must not be empty/],
    ['blanks', ' \n\t', /must not be empty/],
    ['100 kB', 'x'.repeat(100_000), /must be at most 256 characters/],
    ['one letter too many', 'x'.repeat(257), /must be at most 256 characters/],
    ['100 kB of pictures', '😀'.repeat(25_000), /must be at most 256 characters/],
    ['NUL', 'a\0b', /must be text, not bytes/],
    ['half a character', 'a\ud800b', /must be text, not bytes/],
    ['ESC', 'a\u001b[31mb', /control characters, which XML cannot carry/],
    ['a bell', '\u0007', /control characters/],
    ['a form feed', 'a\fb', /control characters/],
    ['what XML has no place for', 'a\uffffb', /control characters/],
    ['a number', 7, /must be text/],
    ['a flag', true, /must be text/],
    ['null', null, /must be text/],
    ['a list', ['a'], /must be text/],
    ['an object', { value: 'a' }, /must be text/],
  ]
  test.each(wrong)('%s is refused, whatever it is for', async (_name, value, says) => {
    for (const [tool, argument] of texts) await expectRefused(tool, { [argument]: value }, says)
  })
})

describe('an id that is none', () => {
  const wrong: readonly unknown[] = [
    'abc',
    '',
    ' ',
    ' 7',
    '7 ',
    '1.5',
    1.5,
    -1,
    '-1',
    '+7',
    '007',
    '0x7',
    '7e0',
    '1,2',
    '../1',
    '1/2',
    '1%2F2',
    '1?x=1',
    '1#',
    '１２',
    'Infinity',
    Number.MAX_SAFE_INTEGER + 1,
    '12345678901234567890',
    '9'.repeat(100_000),
    '640002<id>',
    '1&2',
    '😀',
    true,
    null,
    { id: 1 },
    '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22',
  ]
  test.each(ids)('%s %s', async (tool, argument) => {
    const says = new RegExp(`${argument}(\\.0)?: must be (an id|a list of 1 to 1,000 ids)`)
    for (const value of wrong) {
      await expectRefused(tool, { [argument]: [value] }, says)
      await expectRefused(tool, { [argument]: value }, says)
    }
    await expectRefused(tool, { [argument]: [1, 'x'] }, new RegExp(`${argument}\\.1: must be an id`))
    await expectRefused(tool, { [argument]: [[1]] }, says)
  })

  test.each(getting)('$name', async ({ name, input }) => {
    const [argument = ''] = Object.keys(input)
    const says = new RegExp(`${argument}: must be an id from saq_search_\\w+`)
    for (const value of [...wrong, [1], []]) await expectRefused(name, { [argument]: value }, says)
    await expectRefused(name, {}, says)
  })

  test.each(ids)('%s %s: no list, and one without end', async (tool, argument) => {
    const says = new RegExp(`${argument}: must be a list of 1 to 1,000 ids`)
    await expectRefused(tool, { [argument]: [] }, says)
    await expectRefused(tool, { [argument]: Array.from({ length: 1_001 }, (_, id) => id) }, says)
    await expectRefused(tool, { [argument]: Array.from({ length: 100_000 }, () => '../') }, /must be/)
  })

  test('a thousand are taken, and one that no number holds', async () => {
    const id = [...Array.from({ length: 999 }, (_, place) => place), '900719925474099267']
    const { isError, text } = await assistant.call('saq_search_users', { id })
    expect(isError, text).toBe(false)
    expect((await sandbox.control.requests())[0]?.body).toContain('997,998,900719925474099267<')
  })
})

describe('a number that is none', () => {
  test.each(numbers)('%s %s', async (tool, argument) => {
    const says = new RegExp(`${argument}(\\.\\d)?: must be a list of whole numbers`)
    for (const value of ['5.', '', -1, 1.5, 1e300, [], ['+5'], [1, -1], [null], null, true, {}, [[1]], 'x'])
      await expectRefused(tool, { [argument]: value }, says)
    await expectRefused(tool, { [argument]: Array.from({ length: 1_001 }, (_, n) => n) }, says)
  })
})

describe('a word that is none', () => {
  test.each(words)('%s %s', async (tool, argument) => {
    const says = new RegExp(`${argument}(\\.\\d)?: must be a list of [A-Z_, ]+`)
    for (const value of [
      'drafted',
      'activ',
      'lowest',
      '',
      ' ',
      'ANY',
      'ACTIVE,INACTIVE',
      'CLOSED!',
      7,
      true,
      null,
      [],
      ['x'],
      [null],
      {},
    ])
      await expectRefused(tool, { [argument]: value }, says)
  })

  // search_campaigns.htm prints the words of risk for it, by mistake.
  test.each(['VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'])('workflowType is not %s', (word) =>
    expectRefused(
      'saq_search_campaigns',
      { workflowType: [word] },
      /must be a list of SIMPLE, REVIEWABLE, FULL/,
    ),
  )

  test.each(['true', 'yes', 1, 0, null, [], [true], {}])('isLibrary is not %j', async (value) => {
    for (const [tool] of inputsOf((argument) => argument === 'isLibrary'))
      await expectRefused(tool, { isLibrary: value }, /isLibrary: must be true or false/)
  })
})

describe('an argument that is not there', () => {
  const inputs = reads.flatMap(({ name, input }) =>
    Object.keys(input).map((argument) => [name, argument] as const),
  )
  test.each(inputs)('%s: %s misspelt is refused with the right one', async (tool, argument) => {
    const misspelt = `${argument.slice(0, -1)}${argument.slice(-1).repeat(2)}`
    await expectRefused(
      tool,
      { [misspelt]: 1 },
      new RegExp(`there is no argument "${misspelt}"; did you mean ${argument}\\?`),
    )
  })

  test.each([
    'filter',
    'sort',
    'startAt',
    'criteria',
    'limitResults',
    'startFromOffset',
    'preferences',
    'operator',
  ])('%s', async (argument) => {
    for (const { name } of reads)
      await expectRefused(name, { [argument]: 'x' }, new RegExp(`there is no argument "${argument}"`))
  })

  test.each([
    ['saq_search_questionnaires', 'campaign.id'],
    ['saq_search_questionnaires', 'company'],
    ['saq_search_users', 'tags.tag.name'],
    ['saq_search_users', 'nameContains'],
    ['saq_search_users', 'uuidContains'],
    ['saq_search_templates', 'familyIdContains'],
    ['saq_search_templates', 'idContains'],
    ['saq_search_campaigns', 'statusContains'],
    ['saq_count_users', 'pageSize'],
    ['saq_count_users', 'fields'],
    ['saq_count_users', 'continuationToken'],
    ['saq_get_user', 'id'],
    ['saq_get_version', 'userId'],
  ])('%s: %s', async (tool, argument) => {
    await expectRefused(tool, { [argument]: 'x' }, new RegExp(`there is no argument "${argument}"`))
  })

  test.each(['constructor', 'toString', 'hasOwnProperty', 'prototype', '__defineGetter__'])(
    '%s',
    async (argument) => {
      for (const { name } of reads) await expectRefused(name, { [argument]: {} }, /there is no argument "/)
    },
  )

  test('__proto__ changes nothing', async () => {
    const args = JSON.parse('{"__proto__":{"state":["DRAFT"],"polluted":1},"pageSize":1}')
    await assistant.call('saq_search_templates', args)
    for (const { body } of await sandbox.control.requests()) expect(body).not.toMatch(/DRAFT|polluted/)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})
