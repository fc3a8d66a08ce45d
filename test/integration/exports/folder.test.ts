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
import { describe, expect, vi } from 'vitest'
import { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { environmentFor, settingsFrom } from '../../support/environment.ts'
import { type Exporter, filesEndingWith, openExporter } from '../../support/exports/exporter.ts'
import { exportingOn } from './fixtures.ts'

// Where exports are stored, who may read them, and that no other file is touched. Names:
// test/unit/exports/names.test.ts.

const patience = { QUALYS_MAX_WAIT_SECONDS: '0' }
/** Two batches. */
const test = exportingOn({ jobs: 1_100 }).extend<{ inner: string; server: Exporter }>({
  inner: async ({ folder }, use) => use(join(folder, 'a', 'exports')),
  server: async ({ sandbox, inner }, use) => {
    const server = await openExporter(environmentFor(sandbox, patience), inner)
    await use(server)
    await server.close()
  },
})

const onWindows = process.platform === 'win32'
const exportArguments = { tool: 'car_search_jobs', format: 'csv' } as const
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
const read = (server: Exporter, uri: string) => server.request('resources/read', { uri })

async function exportOne(
  server: Exporter,
): Promise<{ readonly uri: string; readonly file: string; readonly name: string }> {
  const { rows, text, isError } = await server.export(exportArguments)
  expect(isError, text).toBe(false)
  const { uri, file } = rows[0] as { uri: string; file: string }
  return { uri, file, name: uri.slice('qualys://exports/'.length) }
}

describe.skipIf(onWindows)('modes', () => {
  test('the folder and every file are accessible to their user only', async ({ inner, server }) => {
    const { file } = await exportOne(server)
    expect(mode(inner)).toBe('700')
    expect(mode(file)).toBe('600')
    for (const name of filesEndingWith(inner, '')) expect(mode(join(inner, name))).toBe('600')
  })

  test('the temporary file as well', async ({ sandbox, inner, server }) => {
    await sandbox.control.faults([{ route: 'POST /sm/v2/jobs/search', kind: 'stall', skip: 1 }])
    const { reply, cancel } = server.begin(exportArguments)
    reply.catch(() => undefined)
    await vi.waitFor(() => expect(server.progress).toHaveLength(1))
    const names = filesEndingWith(inner, '')
    cancel()
    expect(names).toEqual([expect.stringMatching(/\.rows$/)])
    expect(mode(join(inner, String(names[0])))).toBe('600')
  })
})

describe('a folder that cannot be used', () => {
  const places: readonly (readonly [string, RegExp, (folder: string) => string])[] = [
    [
      'others may write it',
      /somebody else may write it/,
      (folder) => {
        mkdirSync(join(folder, 'open'))
        chmodSync(join(folder, 'open'), 0o777)
        return join(folder, 'open')
      },
    ],
    [
      'a symbolic link to a folder',
      /it is no folder/,
      (folder) => {
        mkdirSync(join(folder, 'target'))
        symlinkSync(join(folder, 'target'), join(folder, 'link'))
        return join(folder, 'link')
      },
    ],
    [
      'a file',
      /no folder/,
      (folder) => {
        writeFileSync(join(folder, 'file'), '')
        return join(folder, 'file')
      },
    ],
    [
      'below a file',
      /a part of its path is a file/,
      (folder) => {
        writeFileSync(join(folder, 'file'), '')
        return join(folder, 'file', 'exports')
      },
    ],
  ]

  test.skipIf(onWindows).for(places)('%s', async ([_what, reason, place], { sandbox, folder }) => {
    const there = await openExporter(environmentFor(sandbox), place(folder))
    const reply = await there.export(exportArguments)
    expect(reply.error).toMatchObject({ kind: 'setup' })
    expect(reply.text).toMatch(reason)
    expect(reply.text).toMatch(
      /^The folder of exports \(QUALYS_EXPORT_DIR, .*\) cannot be used: .*\. Ask the /,
    )
    // Other resources are still listed.
    expect(JSON.stringify(await there.request('resources/list'))).not.toContain('qualys://exports/')
    await there.close()
    const target = join(folder, 'target')
    expect(existsSync(target) ? filesEndingWith(target, '') : []).toEqual([])
  })

  test.skipIf(onWindows || process.getuid?.() === 0)(
    'that this user may not write to',
    async ({ inner, server }) => {
      mkdirSync(inner, { recursive: true, mode: 0o500 })
      const reply = await server.export(exportArguments)
      expect(reply.error).toMatchObject({ kind: 'setup' })
      expect(reply.text).toMatch(/this user may not write it/)
    },
  )

  test('without the setting, exports are in the state folder', () => {
    const settings = settingsFrom({ QUALYS_STATE_DIR: '/somewhere/state' })
    expect(new ExportFolder(settings).path).toBe('/somewhere/state/exports')
  })

  test('a file whose name is not ours is ignored', ({ folder }) => {
    const exports = new ExportFolder(settingsFrom({ QUALYS_EXPORT_DIR: folder }))
    const names = ['secret.csv', 'car_search_jobs-20261122T101500Z-00000000-000000.csv\n']
    for (const name of names) {
      writeFileSync(join(folder, name), '')
      expect(exports.find(name)).toBeUndefined()
    }
    expect(exports.find('..')).toBeUndefined()
    expect(exports.files()).toEqual([])
  })
})

describe('names', () => {
  test('no other file can be read', async ({ folder, inner, server }) => {
    const { uri, name } = await exportOne(server)
    writeFileSync(join(folder, 'a', 'secret.csv'), 'a secret')
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
      `${uri}/1`,
      `${uri}/../${name}x`,
      `qualys://exports/${stranger}`,
      `qualys://exports/${encodeURIComponent(`./${name}`)}`,
      `qualys://exports/${name.replace('.csv', '.rows')}`,
      `qualys://exports/${name.replace('.csv', '.state')}`,
      `qualys://exports/${name.toUpperCase()}`,
      `qualys://exports/${'x'.repeat(20_000)}`,
      `file://${inner}/${name}`,
    ]
    for (const trick of tricks)
      await expect(read(server, trick), trick).rejects.toThrow(/no such export|not found/i)
    expect(JSON.stringify(await read(server, uri))).toContain('created.dateTime')
  })

  test.skipIf(onWindows)('no file is read through a symbolic link', async ({ folder, server }) => {
    const { uri, file, name } = await exportOne(server)
    const secret = join(folder, 'secret')
    writeFileSync(secret, 'a secret')
    renameSync(file, `${file}.away`)
    symlinkSync(secret, file)
    await expect(read(server, uri)).rejects.toThrow('no such export')
    expect(JSON.stringify(await server.request('resources/list'))).not.toContain(name)
    utimesSync(secret, new Date(0), new Date(0))
    await exportOne(server)
    expect(readFileSync(secret, 'utf8')).toBe('a secret')
  })
})

describe('another account', () => {
  const viewer = { ...patience, QUALYS_USERNAME: 'viewer' }

  test('neither sees nor reads it, even under a forged name', async ({ sandbox, inner, server }) => {
    const { uri, file, name } = await exportOne(server)
    const other = await openExporter(environmentFor(sandbox, viewer), inner)
    const own = await other.export(exportArguments)
    expect(own.isError, own.text).toBe(false)
    const ownName = String(own.rows[0]?.['uri']).split('/').at(-1) ?? ''
    expect(ownName.split('-')[2]).not.toBe(name.split('-')[2])
    await expect(read(other, uri)).rejects.toThrow('no such export')
    const listed = JSON.stringify(await other.request('resources/list'))
    expect(listed).toContain(ownName)
    expect(listed).not.toContain(name)
    await other.close()
    expect(existsSync(file)).toBe(true)
  })
})

describe('age', () => {
  const old = (path: string, days: number): void => {
    const then = new Date(Date.now() - days * 86_400_000)
    utimesSync(path, then, then)
  }

  test('files older than QUALYS_EXPORT_DAYS are deleted when the next export begins; other files stay', async ({
    folder,
    inner,
    server,
  }) => {
    const [one, two] = [await exportOne(server), await exportOne(server)]
    const ours = ['rows', 'csv-new'].map((ending) => one.file.replace(/csv$/, ending))
    const others = ['notes.csv', 'car_search_jobs.csv', `${one.name}.bak`, `x${one.name}x`].map((name) =>
      join(inner, name),
    )
    for (const path of [...ours, ...others]) writeFileSync(path, 'x')
    const outside = join(folder, one.name)
    linkSync(one.file, outside)
    for (const path of [one.file, ...ours, ...others]) old(path, 7.1)
    old(two.file, 6.9)
    await exportOne(server)
    for (const path of [one.file, ...ours]) expect(existsSync(path), path).toBe(false)
    for (const path of [two.file, outside, ...others]) expect(existsSync(path), path).toBe(true)
  })

  test('0 keeps them', async ({ sandbox, inner, server }) => {
    const { file } = await exportOne(server)
    old(file, 4_000)
    const keeping = await openExporter(environmentFor(sandbox, { QUALYS_EXPORT_DAYS: '0' }), inner)
    await keeping.export(exportArguments)
    await keeping.close()
    expect(existsSync(file)).toBe(true)
  })

  test('temporary files, of earlier versions too, are deleted after a day, even where exports are kept', async ({
    sandbox,
    inner,
    server,
  }) => {
    const { file } = await exportOne(server)
    const left = ['rows', 'csv-new', 'state', 'state-new'].map((ending) => file.replace(/csv$/, ending))
    const keeping = await openExporter(environmentFor(sandbox, { QUALYS_EXPORT_DAYS: '0' }), inner)
    for (const [days, isKept] of [
      [0.9, true],
      [1.1, false],
    ] as const) {
      for (const path of left) {
        writeFileSync(path, 'x')
        old(path, days)
      }
      await exportOne(keeping)
      for (const path of left) expect(existsSync(path), path).toBe(isKept)
    }
    await keeping.close()
  })
})
