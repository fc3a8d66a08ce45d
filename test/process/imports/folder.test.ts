import { execFileSync } from 'node:child_process'
import { chmodSync, linkSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { platform } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InputError, SetupError } from '../../../src/shared/errors.ts'
import { readImport } from '../../../src/tools/effects/imports/import-folder.ts'
import { importFolder } from '../../support/imports/import-folder.ts'

const plain = (text: string): string => text
const read = (path: string | undefined, name = 'people.csv'): Buffer => readImport(path, name, plain)

function errorOf(work: () => unknown): {
  readonly message: string
  readonly next: string
  readonly isSetup: boolean
} {
  try {
    work()
  } catch (error) {
    if (error instanceof InputError || error instanceof SetupError)
      return { message: error.message, next: error.next, isSetup: error instanceof SetupError }
    throw error
  }
  throw new Error('nothing was refused')
}

test('the bytes are read as they are', () => {
  const bytes = Buffer.of(0xff, 0xfe, 0x00, 0x0a)
  expect(read(importFolder({ 'people.csv': bytes }).path)).toEqual(bytes)
  expect(read(importFolder({ 'people.csv': '' }).path)).toHaveLength(0)
})

test('10 MiB are read, and one byte more is refused', () => {
  const { path, write } = importFolder()
  write('people.csv', Buffer.alloc(10 * 1024 * 1024, 'a'))
  expect(read(path)).toHaveLength(10_485_760)
  truncateSync(join(path, 'people.csv'), 10_485_761)
  expect(errorOf(() => read(path)).message).toBe(
    'The file has 10,485,761 bytes, and at most 10,485,760 are read.',
  )
})

test('100 MB and more are refused by their size', () => {
  const { path, write } = importFolder({ 'people.csv': '' })
  truncateSync(join(path, 'people.csv'), 100_000_000)
  expect(errorOf(() => read(path)).message).toMatch(/^The file has 100,000,000 bytes/)
  // Larger than what memory holds: it is not read.
  write('huge.json', '')
  truncateSync(join(path, 'huge.json'), 2 ** 40)
  expect(errorOf(() => read(path, 'huge.json')).message).toMatch(/^The file has 1,099,511,627,776 bytes/)
})

describe('a folder that is not there, or not safe', () => {
  test('is named with what the operator has to do', () => {
    expect(errorOf(() => read(undefined))).toMatchObject({
      message: 'No file can be imported, since QUALYS_IMPORT_DIR is not set.',
      isSetup: true,
    })
    expect(errorOf(() => read('/nowhere/at/all'))).toMatchObject({
      message: 'The import folder (QUALYS_IMPORT_DIR, /nowhere/at/all) cannot be used: it does not exist.',
      isSetup: true,
    })
    const { path } = importFolder({ 'people.csv': 'a' })
    expect(errorOf(() => read(join(path, 'people.csv'))).message).toMatch(/it is no folder/)
  })

  test.skipIf(platform() === 'win32').each([0o777, 0o770, 0o720, 0o702])('mode %o', (mode) => {
    const { path } = importFolder({ 'people.csv': 'a' })
    chmodSync(path, mode)
    expect(errorOf(() => read(path))).toMatchObject({
      message: expect.stringMatching(/somebody else may write it/),
      isSetup: true,
    })
  })
})

describe.skipIf(platform() === 'win32')('what is no regular file of the folder', () => {
  test('links are refused, wherever they lead, and the folder may be one', () => {
    const outside = importFolder({ 'secret.csv': 'outside' })
    const { path } = importFolder({ 'people.csv': 'inside' })
    symlinkSync(join(outside.path, 'secret.csv'), join(path, 'link.csv'))
    symlinkSync('people.csv', join(path, 'own.csv'))
    symlinkSync('/nowhere', join(path, 'dead.csv'))
    for (const name of ['link.csv', 'own.csv', 'dead.csv'])
      expect(errorOf(() => read(path, name)).message).toBe('The file is a link, and links are not followed.')
    symlinkSync(path, join(outside.path, 'folder'))
    expect(read(join(outside.path, 'folder')).toString()).toBe('inside')
  })

  test('a pipe is refused without waiting for a writer', () => {
    const { path } = importFolder()
    execFileSync('mkfifo', [join(path, 'people.csv')])
    expect(errorOf(() => read(path)).message).toBe('The file is a pipe or a device.')
  })

  test('a folder is refused', () => {
    const { path } = importFolder()
    mkdirSync(join(path, 'people.csv'))
    expect(errorOf(() => read(path)).message).toBe('The file is a folder.')
  })

  test('a file that others may write is refused, and a second name of it is one', () => {
    const { path } = importFolder({ 'people.csv': 'a' })
    linkSync(join(path, 'people.csv'), join(path, 'twin.csv'))
    expect(read(path, 'twin.csv').toString()).toBe('a')
    chmodSync(join(path, 'people.csv'), 0o666)
    expect(errorOf(() => read(path, 'twin.csv'))).toMatchObject({
      message: 'The file cannot be used, since somebody else may write it.',
      isSetup: true,
    })
  })
})

describe('a file that is not there', () => {
  test('the nearest names are listed, and no others', () => {
    const { path } = importFolder({
      'people.csv': '',
      'vendors.json': '',
      'notes.txt': '',
      '.hidden.csv': '',
    })
    mkdirSync(join(path, 'folder.csv'))
    const { message, next } = errorOf(() => read(path, 'peple.csv'))
    expect(message).toBe('The import folder has no file "peple.csv".')
    expect(next).toBe('The nearest there are "people.csv", "vendors.json".')
  })

  test('five of many are listed, in safe text', () => {
    const { path } = importFolder()
    for (let at = 10; at < 40; at++) writeFileSync(join(path, `list-${at}.csv`), '')
    writeFileSync(join(path, 'evil"\u202e\n<<x.csv'), '')
    const { next } = errorOf(() => read(path, 'list-9.csv'))
    expect(next).toMatch(/^The nearest there are ("list-\d\d\.csv", ){4}"list-\d\d\.csv", and 25 more\.$/)
    expect(next).not.toContain('evil')
  })

  test('secrets in names are masked', () => {
    const { path } = importFolder({ 'hunter2hunter2.csv': '' })
    const redact = (text: string): string => text.replaceAll('hunter2hunter2', '[masked]')
    const { next } = errorOf(() => readImport(path, 'a.csv', redact))
    expect(next).toBe('The nearest there are "[masked].csv".')
  })

  test('an empty folder says so', () => {
    expect(errorOf(() => read(importFolder().path)).next).toMatch(/^It has no CSV or JSON file at all/)
  })
})
