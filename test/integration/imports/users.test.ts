import { describe, expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { saqChangeRequests } from '../../support/effects/saq/saq-objects.ts'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import {
  addressOf,
  type ImportFolder,
  importFolder,
  peopleCsv,
  peopleHeader,
} from '../../support/imports/import-folder.ts'

// saq_create_users with a file, through the protocol and the real session.

const create = 'saq_create_users'

interface Fixtures {
  readonly folder: ImportFolder
  readonly call: (
    args: object,
    extra?: Environment,
  ) => Promise<{ readonly text: string; readonly isError: boolean }>
  /** The people whom the tests imported. */
  readonly created: () => Promise<readonly Readonly<Record<string, unknown>>[]>
}

const test = testOn({ jobs: 1 }).extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  folder: async ({}, use) => use(importFolder()),
  call: async ({ sandbox, folder }, use) => {
    await use(async (args, extra = {}) => {
      const settings = { ...unattendedSettings, QUALYS_IMPORT_DIR: folder.path, ...extra }
      const assistant = await openAssistantOn(sandbox, settings)
      try {
        return await assistant.call(create, args)
      } finally {
        await assistant.close()
      }
    })
  },
  created: async ({ sandbox }, use) =>
    use(async () =>
      (await sandbox.control.dump('users')).filter(({ emailAddress }) =>
        String(emailAddress).endsWith('@imports.example'),
      ),
    ),
})

describe('300 rows', () => {
  test('over four calls, of which one is refused for a wrong row', async ({
    sandbox,
    folder,
    call,
    created,
  }) => {
    folder.write('people.csv', peopleCsv(300, { 150: 'row150@;;Müller;Delta Cloud;' }))
    const first = await call({ file: 'people.csv' })
    expect(first.text).toContain('rows 1-100 of 300 of "people.csv", next: from 101')
    expect(first.text).toMatch(/1 row behind these is wrong.*row 150 \(line 151\)/)
    expect(await created()).toHaveLength(100)

    const refused = await call({ file: 'people.csv', from: 101 })
    expect(refused.isError).toBe(true)
    expect(refused.text).toMatch(
      /^1 row of the file is wrong, so nothing is sent: row 150 \(line 151\): firstName must/,
    )
    expect(refused.text).toMatch(/emailAddress must be an e-mail address: "row150@" has no whole domain/)
    expect(refused.text).toMatch(/Correct it in the file, and call again with from 101\.$/)
    expect(await created()).toHaveLength(100)

    folder.write('people.csv', peopleCsv(300))
    const second = await call({ file: 'people.csv', from: 101 })
    expect(second.text).toContain('rows 101-200 of 300 of "people.csv", next: from 201')
    const last = await call({ file: 'people.csv', from: 201 })
    expect(last.text).toContain('rows 201-300 of 300 of "people.csv", the file is done')

    const people = await created()
    expect(people.map(({ emailAddress }) => emailAddress)).toEqual(
      Array.from({ length: 300 }, (_, at) => addressOf(at + 1)),
    )
    expect(people[299]).toMatchObject({ firstName: 'Jürgen', lastName: 'Müller 300', company: 'Delta Cloud' })
    expect(people[299]?.['tags']).toMatchObject([{ name: 'EU' }, { name: 'Critical' }])
    expect(await saqChangeRequests(sandbox.control)).toHaveLength(3)
    expect((await call({ file: 'people.csv', from: 301 })).text).toMatch(
      /^The file has 300 rows, so none is left from 301 on\./,
    )
  })

  test('as many as QUALYS_MAX_BULK a call, and never more than a hundred', async ({
    folder,
    call,
    created,
  }) => {
    folder.write('people.csv', peopleCsv(300))
    const few = await call({ file: 'people.csv', from: 11 }, { QUALYS_MAX_BULK: '40' })
    expect(few.text).toContain('rows 11-50 of 300 of "people.csv", next: from 51')
    const many = await call({ file: 'people.csv', from: 51 }, { QUALYS_MAX_BULK: '500' })
    expect(many.text).toContain('rows 51-150 of 300')
    expect(await created()).toHaveLength(140)
  })
})

describe('addresses that exist', () => {
  test('are named in a refusal of Qualys, with the rows that it is about', async ({
    folder,
    call,
    created,
  }) => {
    folder.write('two.csv', peopleCsv(2))
    folder.write('five.csv', peopleCsv(5))
    expect((await call({ file: 'two.csv' })).isError).toBe(false)
    const { text, isError } = await call({ file: 'five.csv' })
    expect(isError).toBe(true)
    expect(text).toMatch(/2 there before \(row1@imports\.example, row2@imports\.example\)/)
    expect(text).toContain('It was about rows 1-5 of 5 of "five.csv".')
    expect(await created()).toHaveLength(2)
  })

  test('all of them: nothing is sent, and the reply says where to go on', async ({
    sandbox,
    folder,
    call,
  }) => {
    folder.write('people.csv', peopleCsv(120))
    await call({ file: 'people.csv' })
    await sandbox.control.clearRequests()
    const { text } = await call({ file: 'people.csv' })
    expect(text).toBe(
      'All addresses of rows 1-100 of 120 exist already, so there is nothing to create. Go on with from 101.',
    )
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })

  test('an outcome that nobody knows says which rows it is about', async ({ sandbox, folder, call }) => {
    folder.write('people.csv', peopleCsv(3))
    await sandbox.control.faults([
      { kind: 'status', status: 500, route: 'POST /qps/rest/1.0/create/saq/user' },
    ])
    const { text, isError } = await call({ file: 'people.csv' })
    expect(isError).toBe(true)
    expect(text).toContain('It was about rows 1-3 of 3 of "people.csv".')
  })
})

describe('rows', () => {
  test('all wrong ones are named at once, neighbours together', async ({ sandbox, folder, call }) => {
    const bad = Object.fromEntries([3, 4, 5, 9].map((row) => [row, `${addressOf(row)};Jane;Doe;;`] as const))
    folder.write(
      'people.csv',
      peopleCsv(20, { ...bad, 7: 'row7@imports.example;Jane', 12: `${addressOf(1)};A;B;C;` }),
    )
    const { text } = await call({ file: 'people.csv' })
    expect(text).toMatch(/^6 rows of the file are wrong, so nothing is sent: /)
    expect(text).toContain('rows 3-5, 9 (lines 4-6, 10): company must')
    expect(text).toContain('row 7 (line 8): has 2 cells, and the header has 5')
    expect(text).toContain('row 12 (line 13): emailAddress is that of row 1; name each once')
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })

  test('many wrong ones keep within the reply', async ({ folder, call }) => {
    const lines = Array.from({ length: 9_000 }, (_, at) => `bad${at}@,A,B,C`)
    folder.write('people.csv', [`emailAddress,firstName,lastName,company`, ...lines].join('\n'))
    const { text } = await call({ file: 'people.csv' }, { QUALYS_REPLY_CHARS: '2000' })
    expect(text.length).toBeLessThan(2_000)
    expect(text).toMatch(/^9,000 rows of the file are wrong.*; and 8,9\d\d more\. Correct them/)
  })

  test.for<readonly [string, string, RegExp]>([
    ['a control character', 'A\u0001', /firstName holds control characters/],
    [
      'a byte that is no letter',
      'A\ufffd',
      /firstName holds a character that cannot be read; save the file as UTF-8/,
    ],
    [
      'a mask',
      '[masked-by-qualys-mcp]',
      /firstName holds \[masked-by-qualys-mcp\], which stands for a secret/,
    ],
    [
      'a token',
      `ghp_${'kQ9zX2vB7mN4pL8wR1tY'.repeat(2)}`,
      /row 1 \(line 2\): holds what looks like a GitHub token/,
    ],
  ])(
    'with %s are refused, and the text is not repeated',
    async ([, cell, reason], { sandbox, folder, call }) => {
      folder.write('people.csv', `${peopleHeader}\n${cell},B,C,${addressOf(1)}\n`)
      const { text } = await call({ file: 'people.csv' })
      expect(text).toMatch(reason)
      expect(text).not.toContain('kQ9zX2vB7mN4')
      expect(await saqChangeRequests(sandbox.control)).toEqual([])
    },
  )

  test('with a secret of the settings are refused, and it stays secret', async ({
    sandbox,
    folder,
    call,
  }) => {
    folder.write('people.csv', `${peopleHeader}\nA,B,${sandbox.password},${addressOf(1)}\n`)
    const { text } = await call({ file: 'people.csv' })
    expect(text).toContain('row 1 (line 2): company holds a secret of this server; take it out')
    expect(text).not.toContain(sandbox.password)
  })

  test('with a formula go as text, and the reply says so', async ({ folder, call, created }) => {
    folder.write(
      'people.csv',
      `${peopleHeader}\n"=HYPERLINK(""x"")",B,#REF!,${addressOf(1)}\nA,B,C,${addressOf(2)}\n`,
    )
    const { text } = await call({ file: 'people.csv' })
    expect(text).toContain('Row 1 (line 2) holds a formula or an error of a spreadsheet, which goes as text.')
    expect(await created()).toMatchObject([
      { firstName: '=HYPERLINK("x")', company: '#REF!' },
      { firstName: 'A' },
    ])
  })
})

describe('JSON', () => {
  const person = { firstName: 'A', lastName: 'B', company: 'C' }
  test.for<readonly [string, (users: unknown) => unknown]>([
    ['a list', (users: unknown) => users],
    ['an object with the list', (users: unknown) => ({ users })],
  ])('%s', async ([, form], { folder, call, created }) => {
    const long = '12345678901234567890'
    const users = [1, 2].map((row) => ({ ...person, emailAddress: addressOf(row), tags: ['EU'] }))
    folder.write('people.json', JSON.stringify(form(users)).replace('"C"', long))
    expect((await call({ file: 'people.json' })).text).toContain(
      'rows 1-2 of 2 of "people.json", the file is done',
    )
    expect(await created()).toMatchObject([{ company: long }, { company: 'C' }])
  })

  test.for<readonly [string, RegExp]>([
    ['', /^The file is empty\./],
    ['{', /^The file is no JSON\./],
    ['[{},]', /^The file is no JSON\./],
    ['null', /^The file holds no list\./],
    ['3', /^The file holds no list\./],
    ['{"users":[],"more":1}', /^The file holds no list\./],
    ['{"people":[]}', /^The file holds no list\./],
    ['[]', /^The file has no rows\./],
    ['[[]]', /^Row 1 of the file is no object\./],
  ])('%s is refused', async ([content, reason], { folder, call }) => {
    folder.write('people.json', content)
    expect((await call({ file: 'people.json' })).text).toMatch(reason)
  })
})

describe('arguments that do not go together', () => {
  const users = [{ firstName: 'A', lastName: 'B', company: 'C', emailAddress: addressOf(1) }]
  test.for<[object, RegExp]>([
    [{ file: 'people.csv', users }, /^users and file are both passed\. Pass one of them/],
    [{ users, from: 2 }, /^from counts the rows of a file\. Pass file, too/],
    [
      {},
      /users: must be a list of users, each with firstName, lastName, company and emailAddress; it is missing/,
    ],
    [{ users: [] }, /users: must hold at least one user/],
    [{ file: '' }, /users: must be a list of users/],
    [{ file: 'people.csv', from: 0 }, /from: must be/],
    [{ file: 3 }, /The name of the file ends neither/],
    [{ file: '../people.csv' }, /^The name of the file has a folder in it\./],
  ])('%j', async ([args, reason], { sandbox, folder, call }) => {
    folder.write('people.csv', peopleCsv(3))
    const { text, isError } = await call(args)
    expect([isError, text]).toEqual([true, expect.stringMatching(reason)])
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })

  test('without a folder the refusal says what the operator has to set', async ({ call }) => {
    expect((await call({ file: 'people.csv' }, { QUALYS_IMPORT_DIR: undefined })).text).toMatch(
      /^No file can be imported, since QUALYS_IMPORT_DIR is not set\. Ask the operator to set it/,
    )
  })
})
