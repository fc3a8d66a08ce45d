import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { requireStopFolder } from '../../../src/config/limits/stop-folder.ts'
import { stopReason } from '../../../src/tools/effects/timing/stop-file.ts'

// QUALYS_STOP_FILE: whatever is at the path, or hides it, stops effects.

let folder: string
beforeEach(() => {
  const parent = mkdtempSync(join(tmpdir(), 'qualys-stop-'))
  onTestFinished(() => rmSync(parent, { recursive: true }))
  folder = join(parent, 'folder')
  mkdirSync(folder)
})

const fileIn = (): string => join(folder, 'stop')

test('nothing at the path, or no path, stops nothing', () => {
  expect([stopReason(fileIn()), stopReason(undefined)]).toEqual([undefined, undefined])
})

test.each([
  ['a file', () => writeFileSync(fileIn(), '')],
  ['a folder', () => mkdirSync(fileIn())],
  ['a link that leads nowhere', () => symlinkSync('nowhere', fileIn())],
])('%s stops effects', (_what, make) => {
  make()
  expect(stopReason(fileIn())).toBe('that file exists')
})

test.each([
  [
    'a folder that has become a file',
    'ENOTDIR',
    () => {
      rmSync(folder, { recursive: true })
      writeFileSync(folder, '')
    },
  ],
  [
    'a folder that has become a circle of links',
    'ELOOP',
    () => {
      rmSync(folder, { recursive: true })
      symlinkSync(folder, folder)
    },
  ],
])('%s stops effects (%s)', (_what, code, make) => {
  make()
  expect(stopReason(fileIn())).toBe(`whether that file exists cannot be told (${code})`)
})

test('its folder must be there at the start', () => {
  expect(() => requireStopFolder(undefined)).not.toThrow()
  expect(() => requireStopFolder(fileIn())).not.toThrow()
  expect(() => requireStopFolder(join(fileIn(), 'stop'))).toThrow(
    /^QUALYS_STOP_FILE names a file whose folder, /,
  )
  writeFileSync(fileIn(), '')
  expect(() => requireStopFolder(join(fileIn(), 'stop'))).toThrow(/does not exist or cannot be read/)
})
