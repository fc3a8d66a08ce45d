import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { replaceFile, reserveFile } from '../../../src/shared/atomic-file.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

// Files that are complete or absent. No existing file is overwritten by a recording.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-place-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file', () => {
  test('is readable by its owner only, and no other file is left', () => {
    const file = join(folder, 'one.json')
    reserveFile(file).commit('{}')
    expect(readFileSync(file, 'utf8')).toBe('{}')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['one.json'])
  })

  test('that exists already is not overwritten', () => {
    const file = join(folder, 'there.json')
    writeFileSync(file, 'mine')
    expect(() => reserveFile(file)).toThrow(SettingsError)
    expect(() => reserveFile(file)).toThrow(/exists already, and is not overwritten: name another file/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('that is created in the meantime is not overwritten either', () => {
    const file = join(folder, 'meanwhile.json')
    const place = reserveFile(file)
    writeFileSync(file, 'mine')
    expect(() => place.commit('theirs')).toThrow(/exists already/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('that another process is writing is not written twice', () => {
    const file = join(folder, 'twice.json')
    const place = reserveFile(file)
    expect(() => reserveFile(file)).toThrow(/another recording writes there/)
    place.discard()
    reserveFile(file).commit('{}')
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test('that is aborted leaves nothing', () => {
    reserveFile(join(folder, 'none.json')).discard()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a file that may be replaced', () => {
  test('is complete, and no other file is left', () => {
    const file = join(folder, 'one.json')
    writeFileSync(file, 'old')
    const contentWhenReady: string[] = []
    const isReplaced = replaceFile(file, 'new', () => contentWhenReady.push(readFileSync(file, 'utf8')) > 0)
    expect([isReplaced, contentWhenReady, readFileSync(file, 'utf8')]).toEqual([true, ['old'], 'new'])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['one.json'])
  })

  test.each([
    ['that must not be', () => false],
    [
      'whose check fails',
      () => {
        throw new Error('no')
      },
    ],
  ])('%s stays as it is', (_which, mayFinish) => {
    const file = join(folder, 'one.json')
    writeFileSync(file, 'old')
    try {
      expect(replaceFile(file, 'new', mayFinish)).toBe(false)
    } catch (error) {
      expect(error).toEqual(new Error('no'))
    }
    expect(readFileSync(file, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['one.json'])
  })
})

describe('a path that cannot be used', () => {
  test.each([
    ['in a folder that is not there', 'nowhere/x.json', /its folder does not exist: name a file elsewhere/],
    ['below a file', 'a-file/x.json', /a part of its path is a file/],
  ])('%s is reported at once', (_where, path, says) => {
    writeFileSync(join(folder, 'a-file'), '')
    expect(() => reserveFile(join(folder, path))).toThrow(says)
  })

  test.skipIf(process.getuid?.() === 0)('in a read-only folder is reported', () => {
    chmodSync(folder, 0o500)
    expect(() => reserveFile(join(folder, 'x.json'))).toThrow(/may not write there/)
    chmodSync(folder, 0o700)
  })
})
