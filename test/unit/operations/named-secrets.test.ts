import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { variableOf } from '../../../src/session/requests/references.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { Secret } from '../../../src/shared/secrets.ts'
import { canary } from '../../support/canary.ts'
import { leaks } from '../../support/leak-search.ts'
import { callInMemory } from '../../support/operations/calls.ts'
import { changeRequestsIn } from '../../support/operations/rows.ts'

// Values of named secrets: their sources, and that a name without a value is refused.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'qualys-named-'))
})
afterAll(() => rm(folder, { recursive: true }))

const file = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, text, { mode: 0o600 })
  return path
}

describe('a name', () => {
  test.each([
    ['db-password', 'QUALYS_SECRET_DB_PASSWORD'],
    ['DB-Password', 'QUALYS_SECRET_DB_PASSWORD'],
    ['db_password', 'QUALYS_SECRET_DB_PASSWORD'],
    ['corp-github', 'QUALYS_SECRET_CORP_GITHUB'],
    ['a', 'QUALYS_SECRET_A'],
    ['k8s-2', 'QUALYS_SECRET_K8S_2'],
  ])('%s is %s', (name, variable) => expect(variableOf(name)).toBe(variable))
})

describe('the variables', () => {
  const read = (env: Readonly<Record<string, string>>) => readSettings({}, env)
  const valuesOf = (env: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries([...read(env).settings.secrets].map(([name, secret]) => [name, secret.reveal()]))

  test('hold values, or name files that do', async () => {
    const path = await file('token', ' to ken 12 \r\n')
    expect(
      valuesOf({
        QUALYS_SECRET_DB_PASSWORD: ' pass word ',
        QUALYS_SECRET_CORP_GITHUB_FILE: path,
        QUALYS_SECRET_K8S_2: 'two-of-them',
      }),
    ).toEqual({
      QUALYS_SECRET_DB_PASSWORD: ' pass word ',
      // The line break that editors add at the end is not part of the secret.
      QUALYS_SECRET_CORP_GITHUB: ' to ken 12 ',
      QUALYS_SECRET_K8S_2: 'two-of-them',
    })
  })

  test('a secret of several lines keeps them, except the last line break', async () => {
    const path = await file('key', 'line one\nline two\n\n')
    expect(valuesOf({ QUALYS_SECRET_KEY_FILE: path })).toEqual({ QUALYS_SECRET_KEY: 'line one\nline two\n' })
  })

  test.each([
    'QUALYS_SECRET_KEY_FILE_FILE',
    'QUALYS_SECRET_KEY_FILE_FOR',
    'QUALYS_SECRET_KEY_FOR_FILE',
    'QUALYS_SECRET_KEY_FOR_FOR',
  ])('%s stops the start: no name of a secret ends in FILE or FOR', (name) => {
    expect(() => read({ QUALYS_SECRET_KEY: 'some value', [name]: 'github.com' })).toThrow(
      `${name} cannot be told from a file or a binding, since no name of a secret ends in _FILE or _FOR: rename ${name.replace(/_[A-Z]+$/, '')}.`,
    )
  })

  test('an empty one counts as unset, beside a file too', async () => {
    const path = await file('filled', 'some value')
    expect(valuesOf({ QUALYS_SECRET_A: '', QUALYS_SECRET_B: '', QUALYS_SECRET_B_FILE: path })).toEqual({
      QUALYS_SECRET_B: 'some value',
    })
  })

  test.each([
    [
      'QUALYS_SECRET_A first',
      (path: string) => ({ QUALYS_SECRET_A: 'x-x-x-x-x', QUALYS_SECRET_A_FILE: path }),
    ],
    ['its file first', (path: string) => ({ QUALYS_SECRET_A_FILE: path, QUALYS_SECRET_A: 'x-x-x-x-x' })],
  ])('given twice stops the start: %s', async (_order, env) => {
    const path = await file('twice', 'x-x-x-x-x')
    expect(() => read(env(path))).toThrow(SettingsError)
    expect(() => read(env(path))).toThrow(
      /^Both QUALYS_SECRET_A and QUALYS_SECRET_A_FILE are set: keep one of them\.$/,
    )
  })

  test('a short one, which could not be redacted safely, stops the start', async () => {
    const path = await file('short', '7654321\n')
    for (const env of [{ QUALYS_SECRET_A: '7654321' }, { QUALYS_SECRET_A_FILE: path }])
      expect(() => read(env)).toThrow(/^QUALYS_SECRET_A is shorter than 8 characters: [^7]*\.$/)
  })

  test.each(['', '\n', '\r\n'])('an empty file stops the start', async (text) => {
    const path = await file('empty', text)
    expect(() => read({ QUALYS_SECRET_A_FILE: path })).toThrow(
      /^The file that QUALYS_SECRET_A_FILE names is empty: write the secret into it\.$/,
    )
  })

  test('a missing file, or a folder, stops the start', () => {
    for (const [path, says] of [
      [
        join(folder, 'none'),
        /^The file that QUALYS_SECRET_A_FILE names cannot be read: check the path and its permissions\.$/,
      ],
      [
        folder,
        /^The file that QUALYS_SECRET_A_FILE names cannot be read, since it is no regular file: name a file /,
      ],
    ] as const)
      expect(() => read({ QUALYS_SECRET_A_FILE: path })).toThrow(says)
  })

  test('are not reported as unknown', () => {
    expect(read({ QUALYS_SECRET_A: 'x-x-x-x-x', QUALYS_SECRET_B_2: 'y-y-y-y-y' }).unknown).toEqual([])
  })

  test.each(['QUALYS_SECRET_', 'QUALYS_SECRET_A-B', 'QUALYS_SECRET_a'])(
    'that are misspelt stop the start: %s',
    (name) => expect(() => read({ [name]: 'x-x-x-x-x' })).toThrow(/is no setting of qualys-mcp: use /),
  )

  test('show nothing of their values when settings are printed', () => {
    const value = canary('printed')
    const { settings } = read({ QUALYS_SECRET_A: value })
    expect(settings.secrets.get('QUALYS_SECRET_A')).toBeInstanceOf(Secret)
    const printed = [inspect(settings, { depth: 9, showHidden: true }), String(settings.secrets)]
    expect(leaks([...printed, JSON.stringify(settings), JSON.stringify([...settings.secrets])])).toEqual([])
    expect(leaks([value])).not.toEqual([])
  })
})

describe('a name without a value', () => {
  const script = {
    title: 'Disk check',
    typeId: 1,
    subType: 'Detection',
    languageId: 201,
    platform: 'WINDOWS',
    severity: 2,
  }
  const url = 'https://github.com/acme/scripts/blob/main/disk.ps1'
  const plan = { title: 'Once', startDate: '2096-02-29', startTime: '08:30', assets: [21789601] }
  const calls: readonly (readonly [tool: string, args: (name: string) => object])[] = [
    ['car_create_script', (name) => ({ ...script, sourceUrl: url, repositoryToken: name })],
    [
      'car_create_script',
      (name) => ({
        ...script,
        content: 'x',
        params: [
          { key: 'a', value: '' },
          { key: 'b', secret: name },
        ],
      }),
    ],
    ['car_update_script', (name) => ({ scriptId: 25209, params: [{ key: 'path', secret: name }] })],
    [
      'car_update_script',
      (name) => ({ scriptId: 16515, sourceUrl: url, repositoryToken: name, comment: 'why' }),
    ],
    [
      'car_execute_script',
      (name) => ({ scriptId: 25209, assetIds: [21789601], params: [{ key: 'path', secret: name }] }),
    ],
    [
      'car_create_schedule',
      (name) => ({
        ...plan,
        activate: true,
        scripts: [{ id: 19218 }, { id: 25209, params: [{ key: 'path', secret: name }] }],
      }),
    ],
    [
      'car_update_schedule',
      (name) => ({
        ...plan,
        recurrence: 'ONCE',
        scheduleId: '23f97a1f-76f4-4e85-a7c2-566f120874fc',
        scripts: [{ id: 25209, params: [{ key: 'path', secret: name }] }],
      }),
    ],
  ]

  test.for(calls)('%s: the error asks the operator to set it', async ([tool, args]) => {
    for (const name of ['db-password', 'empty']) {
      const environment = { QUALYS_SECRET_EMPTY: '' }
      const { text, error, sent } = await callInMemory(tool, args(name), { environment })
      expect(text).toBe(
        `There is no secret named "${name}". Ask the operator to set ${variableOf(name)} (or …_FILE) for this server; never pass the value itself.`,
      )
      expect(error?.kind).toBe('input')
      expect(changeRequestsIn(sent)).toEqual([])
    }
  })

  test.for(calls)('%s: an invalid name is refused', async ([tool, args]) => {
    for (const name of [' ', 'a b', '../a', 'a.b', '1a', '-a', 'ä', 'a\0', 'x'.repeat(65)]) {
      const { text, isError, sent } = await callInMemory(tool, args(name))
      expect(text).toMatch(
        /must be the name of a secret \(letters, digits, hyphens\) that the operator set, ne/,
      )
      expect({ isError, sent }).toEqual({ isError: true, sent: [] })
    }
  })

  test.for(calls)('%s: a name of 64 letters is valid', async ([tool, args]) => {
    const { text } = await callInMemory(tool, args('x'.repeat(64)))
    expect(text).toMatch(/^There is no secret named "x{64}"\./)
  })
})
