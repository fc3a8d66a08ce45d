import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { readName } from '../../../src/tools/exports/names.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'
import { type Desk, named, newFolder, openDesk } from '../../support/exports/desk.ts'
import { openSandbox } from '../../support/sandbox.ts'

// Where exports lie, who may read them, and that nothing else is ever touched.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let folder: ReturnType<typeof newFolder>
let inner: string
let desk: Desk
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 60 })
})
beforeEach(async () => {
  folder = newFolder()
  inner = join(folder.path, 'a', 'exports')
  desk = await openDesk(environmentFor(sandbox), inner)
})
afterEach(async () => {
  await desk.close()
  await sandbox.control.reset()
  folder.remove()
})
afterAll(() => sandbox.close())

const asked = { tool: 'car_search_jobs', format: 'csv' } as const
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const read = (uri: string) => desk.request('resources/read', { uri })

async function exportOne(): Promise<{ readonly uri: string; readonly file: string; readonly name: string }> {
  const { rows, text, isError } = await desk.export(asked)
  expect(isError, text).toBe(false)
  const { uri, file } = rows[0] as { uri: string; file: string }
  return { uri, file, name: uri.slice('qualys://exports/'.length) }
}

describe.skipIf(process.platform === 'win32')('modes', () => {
  test('the folder is for its user alone, and so is every file', async () => {
    const { file } = await exportOne()
    expect(mode(inner)).toBe('700')
    expect(mode(file)).toBe('600')
    for (const name of named(inner, '')) expect(mode(join(inner, name))).toBe('600')
  })

  test('what is left of a cut export, too', async () => {
    const large = await openSandbox({ jobs: 3_000 })
    await large.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'html', skip: 1 }])
    const there = await openDesk(environmentFor(large, { QUALYS_MAX_WAIT_SECONDS: '0' }), inner)
    await there.export(asked)
    await there.close()
    await large.close()
    expect(
      named(inner, '')
        .map((name) => name.replace(/.*\./, ''))
        .sort(),
    ).toEqual(['rows', 'state'])
    for (const name of named(inner, '')) expect(mode(join(inner, name))).toBe('600')
  })
})

describe('a folder that cannot be used', () => {
  const places: readonly (readonly [string, RegExp, () => string])[] = [
    [
      'others may write it',
      /somebody else may write it/,
      () => {
        mkdirSync(join(folder.path, 'open'))
        chmodSync(join(folder.path, 'open'), 0o777)
        return join(folder.path, 'open')
      },
    ],
    [
      'a symbolic link to a folder',
      /it is no folder/,
      () => {
        mkdirSync(join(folder.path, 'target'))
        symlinkSync(join(folder.path, 'target'), join(folder.path, 'link'))
        return join(folder.path, 'link')
      },
    ],
    [
      'a file',
      /no folder/,
      () => {
        writeFileSync(join(folder.path, 'file'), '')
        return join(folder.path, 'file')
      },
    ],
    [
      'below a file',
      /a part of its path is a file/,
      () => {
        writeFileSync(join(folder.path, 'file'), '')
        return join(folder.path, 'file', 'exports')
      },
    ],
  ]

  test.skipIf(process.platform === 'win32').each(places)('%s', async (_what, reason, place) => {
    const path = place()
    const there = await openDesk(environmentFor(sandbox), path)
    const told = await there.export(asked)
    expect(told.error).toMatchObject({ kind: 'setup' })
    expect(told.text).toMatch(reason)
    expect(told.text).toMatch(
      /^The folder of exports \(QUALYS_EXPORT_DIR, .*\) cannot be used: .*\. Ask the /,
    )
    // Other resources are listed all the same.
    expect(JSON.stringify(await there.request('resources/list'))).not.toContain('qualys://exports/')
    await there.close()
    const target = join(folder.path, 'target')
    expect(existsSync(target) ? named(target, '') : []).toEqual([])
  })

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'one that this user may not write',
    async () => {
      mkdirSync(inner, { recursive: true, mode: 0o500 })
      const told = await desk.export(asked)
      expect(told.error).toMatchObject({ kind: 'setup' })
      expect(told.text).toMatch(/this user may not write it/)
    },
  )

  test('where none is set, it lies in the state folder', () => {
    const settings = settingsFrom({ QUALYS_STATE_DIR: '/somewhere/state' })
    expect(new ExportFolder(settings).path).toBe('/somewhere/state/exports')
  })
})

describe('names', () => {
  test.each([
    '..',
    '../secret',
    'secret.csv',
    '.state',
    'car_search_jobs-20261122T101500Z-00000000-000000.csv/..',
    'car_search_jobs-20261122T101500Z-00000000-000000.txt',
    'car_search_jobs-20261122T101500Z-00000000-000000.csv\n',
    'car_search_jobs-20261122T101500Z-00000000-000000.csv\0',
    'CAR_search_jobs-20261122T101500Z-00000000-000000.csv',
    'car_search_jobs-20261122T101500Z-00000000-00000g.csv',
    ' car_search_jobs-20261122T101500Z-00000000-000000.csv',
  ])('%j is none of ours', (name) => {
    expect(readName(name)).toBeUndefined()
    expect(() => new ExportFolder(settingsFrom({ QUALYS_EXPORT_DIR: inner })).stats(name)).toThrow(/no name/)
  })

  test('nobody reads anything else', async () => {
    const { uri, name } = await exportOne()
    writeFileSync(join(folder.path, 'a', 'secret.csv'), 'a secret')
    const stranger = `${name.slice(0, 25)}x${name.slice(26)}`
    const tricks = [
      'qualys://exports/..',
      'qualys://exports/../secret.csv',
      'qualys://exports/%2e%2e/secret.csv',
      'qualys://exports/..%2fsecret.csv',
      'qualys://exports/%2e%2e%2fsecret.csv',
      'qualys://exports/..%5csecret.csv',
      'qualys://exports//etc/passwd',
      'qualys://exports/%2Fetc%2Fpasswd',
      'qualys://exports/secret.csv',
      `${uri}%00`,
      `${uri}%0a`,
      `${uri}/0`,
      `${uri}/2`,
      `${uri}/-1`,
      `${uri}/1e0`,
      `${uri}/01`,
      `${uri}/99999999999`,
      `${uri}/../${name}x`,
      `qualys://exports/${stranger}`,
      `qualys://exports/${encodeURIComponent(`./${name}`)}`,
      `qualys://exports/${name.replace('.csv', '.rows')}`,
      `qualys://exports/${name.replace('.csv', '.state')}`,
      `qualys://exports/${name.toUpperCase()}`,
      `qualys://exports/${'x'.repeat(20_000)}`,
      `file://${inner}/${name}`,
    ]
    for (const trick of tricks) await expect(read(trick), trick).rejects.toThrow(/no such export|not found/i)
    expect(JSON.stringify(await read(uri))).toContain('created.dateTime')
    expect(JSON.stringify(await read(`${uri}/1`))).toContain('created.dateTime')
  })

  test.skipIf(process.platform === 'win32')('no file through a symbolic link', async () => {
    const { uri, file, name } = await exportOne()
    const secret = join(folder.path, 'secret')
    writeFileSync(secret, 'a secret')
    renameSync(file, `${file}.away`)
    symlinkSync(secret, file)
    await expect(read(uri)).rejects.toThrow('no such export')
    expect(JSON.stringify(await desk.request('resources/list'))).not.toContain(name)
    utimesSync(secret, new Date(0), new Date(0))
    await exportOne()
    expect(readFileSync(secret, 'utf8')).toBe('a secret')
  })

  test.skipIf(process.platform === 'win32')('a state that is a symbolic link is nobody’s', async () => {
    const large = await openSandbox({ jobs: 3_000 })
    await large.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'html', skip: 1 }])
    const there = await openDesk(environmentFor(large, { QUALYS_MAX_WAIT_SECONDS: '0' }), inner)
    await there.export(asked)
    await large.control.reset()
    const [rows = ''] = named(inner, '.rows')
    const outside = join(folder.path, 'outside')
    writeFileSync(outside, readFileSync(join(inner, rows)))
    renameSync(join(inner, rows), join(folder.path, 'away'))
    symlinkSync(outside, join(inner, rows))
    const told = await there.export({ ...asked, resume: true })
    expect(told.error).toMatchObject({ kind: 'input' })
    expect(readFileSync(outside, 'utf8').split('\n')).toHaveLength(1_001)
    await there.close()
    await large.close()
  })
})

describe('another account', () => {
  test('neither sees nor reads it, also under a name that pretends', async () => {
    const { uri, file, name } = await exportOne()
    const other = await openDesk(environmentFor(sandbox, { QUALYS_USERNAME: 'viewer' }), inner)
    const own = await other.export(asked)
    expect(own.isError, own.text).toBe(false)
    const ownName = String(own.rows[0]?.['uri']).split('/').at(-1) ?? ''
    expect(ownName.split('-')[2]).not.toBe(name.split('-')[2])
    await expect(other.request('resources/read', { uri })).rejects.toThrow('no such export')
    const listed = JSON.stringify(await other.request('resources/list'))
    expect(listed).toContain(ownName)
    expect(listed).not.toContain(name)
    await other.close()
    expect(existsSync(file)).toBe(true)
  })

  test('does not go on with it, even where its name is made to fit', async () => {
    const large = await openSandbox({ jobs: 3_000 })
    const environment = environmentFor(large, { QUALYS_MAX_WAIT_SECONDS: '0' })
    await large.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'html', skip: 1 }])
    const there = await openDesk(environment, inner)
    await there.export(asked)
    await there.close()
    await large.control.reset()
    const other = await openDesk({ ...environment, QUALYS_USERNAME: 'viewer' }, inner)
    const own = await other.export(asked)
    const owner = String(own.rows[0]?.['uri']).split('-')[2]
    for (const name of [...named(inner, '.rows'), ...named(inner, '.state')])
      renameSync(join(inner, name), join(inner, name.replace(/Z-[0-9a-f]{8}/, `Z-${owner}`)))
    const told = await other.export({ ...asked, resume: true })
    expect(told.text).toMatch(/^No export of this list/)
    await other.close()
    await large.close()
  })
})

describe('age', () => {
  const old = (path: string, days: number): void => {
    const then = new Date(Date.now() - days * 86_400_000)
    utimesSync(path, then, then)
  }

  test('what is older than QUALYS_EXPORT_DAYS goes when the next one begins; nothing of others', async () => {
    const [one, two] = [await exportOne(), await exportOne()]
    const ours = ['rows', 'state', 'csv-new'].map((ending) => one.file.replace(/csv$/, ending))
    const others = ['notes.csv', 'car_search_jobs.csv', `${one.name}.bak`, `x${one.name}x`].map((name) =>
      join(inner, name),
    )
    for (const path of [...ours, ...others]) writeFileSync(path, 'x')
    const outside = join(folder.path, one.name)
    linkSync(one.file, outside)
    for (const path of [one.file, ...ours, ...others]) old(path, 7.1)
    old(two.file, 6.9)
    await exportOne()
    for (const path of [one.file, ...ours]) expect(existsSync(path), path).toBe(false)
    for (const path of [two.file, outside, ...others]) expect(existsSync(path), path).toBe(true)
  })

  test('0 keeps them', async () => {
    const { file } = await exportOne()
    old(file, 4_000)
    const keeping = await openDesk(environmentFor(sandbox, { QUALYS_EXPORT_DAYS: '0' }), inner)
    await keeping.export(asked)
    await keeping.close()
    expect(existsSync(file)).toBe(true)
  })
})
