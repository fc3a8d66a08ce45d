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
import { SettingsError } from '../../../src/shared/errors.ts'
import { takePlace } from '../../../src/shared/atomic-file.ts'

// The file of a recording: there whole or not at all, and nothing of anybody's is overwritten.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-place-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('a file', () => {
  test('is for its owner alone, and nothing is left beside it', () => {
    const file = join(folder, 'one.json')
    takePlace(file).keep('{}')
    expect(readFileSync(file, 'utf8')).toBe('{}')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder)).toEqual(['one.json'])
  })

  test('that is there already stays as it is', () => {
    const file = join(folder, 'there.json')
    writeFileSync(file, 'mine')
    expect(() => takePlace(file)).toThrow(SettingsError)
    expect(() => takePlace(file)).toThrow(/exists already, and is not overwritten: name another file/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
  })

  test('that comes meanwhile stays as it is, too', () => {
    const file = join(folder, 'meanwhile.json')
    const place = takePlace(file)
    writeFileSync(file, 'mine')
    expect(() => place.keep('theirs')).toThrow(/exists already/)
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(existsSync(`${file}.part`)).toBe(false)
  })

  test('of which another recording is being made is not written twice', () => {
    const file = join(folder, 'twice.json')
    const place = takePlace(file)
    expect(() => takePlace(file)).toThrow(/another recording writes there/)
    place.giveUp()
    takePlace(file).keep('{}')
    expect(readFileSync(file, 'utf8')).toBe('{}')
  })

  test('that is given up leaves nothing', () => {
    takePlace(join(folder, 'none.json')).giveUp()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('a place that cannot be taken', () => {
  test.each([
    ['in a folder that is not there', 'nowhere/x.json', /its folder does not exist: name a file elsewhere/],
    ['below a file', 'a-file/x.json', /a part of its path is a file/],
  ])('%s is told at once', (_where, path, says) => {
    writeFileSync(join(folder, 'a-file'), '')
    expect(() => takePlace(join(folder, path))).toThrow(says)
  })

  test.skipIf(process.getuid?.() === 0)('in a folder that may not be written is told', () => {
    chmodSync(folder, 0o500)
    expect(() => takePlace(join(folder, 'x.json'))).toThrow(/may not write there/)
    chmodSync(folder, 0o700)
  })
})
