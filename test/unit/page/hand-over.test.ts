import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { snapReadableFolder } from '../../../src/tools/effects/approval/page/local/browser.ts'
import { handOverFiles } from '../../../src/tools/effects/approval/page/local/hand-over.ts'

let parent: string
let folder: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'qualys-hand-over-'))
  folder = join(parent, 'state')
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(parent, { recursive: true })
})

const page = { origin: 'http://localhost:1', key: 'k'.repeat(43), path: '/approve/ABCD-EFGH' }
const idOf = (path: string): string => basename(path).replace(/^approval-page-|\.html$/g, '')

test('the file posts the key, and names it nowhere else', () => {
  const files = handOverFiles(folder, { isOwn: false })
  const path = files.write({ ...page, person: '"><script>' })
  const text = readFileSync(path, 'utf8')
  expect(text).toContain('<form method="post" action="http://localhost:1/open">')
  expect(text).toContain(`name="key" value="${page.key}"`)
  expect(text).toContain('name="person" value="&quot;&gt;&lt;script&gt;"')
  expect(text.split(page.key)).toHaveLength(2)
  expect(path).not.toContain(page.key)
  files.removeAll()
})

test.runIf(platform() !== 'win32')('nobody else may read it, or write its folder', () => {
  const files = handOverFiles(folder, { isOwn: false })
  const path = files.write(page)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  files.removeAll()
  chmodSync(folder, 0o777)
  expect(() => files.write(page)).toThrow('others may write')
  expect(readdirSync(folder)).toEqual([])
})

test('it is removed when it was used, and nothing else with it', () => {
  const files = handOverFiles(folder, { isOwn: false })
  const [one, other] = [files.write(page), files.write(page)]
  files.remove('../state')
  files.remove('')
  files.remove(idOf(one))
  expect([existsSync(one), existsSync(other)]).toEqual([false, true])
  files.removeAll()
  expect(existsSync(other)).toBe(false)
  expect(existsSync(folder)).toBe(true)
})

test('it is removed after a minute', () => {
  vi.useFakeTimers()
  const path = handOverFiles(folder, { isOwn: false }).write(page)
  vi.advanceTimersByTime(59_000)
  expect(existsSync(path)).toBe(true)
  vi.advanceTimersByTime(1_001)
  expect(existsSync(path)).toBe(false)
})

test('files of a process that was killed are removed with the next one', () => {
  mkdirSync(folder, { mode: 0o700 })
  const old = join(folder, 'approval-page-00000000-0000-4000-8000-000000000000.html')
  const other = join(folder, 'server-id')
  for (const path of [old, other]) {
    writeFileSync(path, '')
    utimesSync(path, 0, 0)
  }
  const files = handOverFiles(folder, { isOwn: false })
  files.write(page)
  expect([existsSync(old), existsSync(other)]).toEqual([false, true])
  files.removeAll()
})

test('a folder that was made for it goes with the last file', () => {
  const files = handOverFiles(folder, { isOwn: true })
  const [one, other] = [files.write(page), files.write(page)]
  files.remove(idOf(one))
  expect(existsSync(folder)).toBe(true)
  files.remove(idOf(other))
  expect(existsSync(folder)).toBe(false)
  files.write(page)
  writeFileSync(join(folder, 'mine'), '')
  files.removeAll()
  expect(readdirSync(folder)).toEqual(['mine'])
})

test('a browser that is a snap gets a folder without a dot', () => {
  const snapFolder = join(parent, 'snap')
  const desktop = { platform: 'linux' as const, environment: {}, home: '/home/anna', snapFolder }
  expect(snapReadableFolder(desktop)).toBeUndefined()
  mkdirSync(snapFolder)
  writeFileSync(join(snapFolder, 'code'), '')
  expect(snapReadableFolder(desktop)).toBeUndefined()
  writeFileSync(join(snapFolder, 'firefox'), '')
  expect(snapReadableFolder(desktop)).toBe('/home/anna/qualys-mcp')
  expect(snapReadableFolder({ ...desktop, platform: 'darwin' })).toBeUndefined()
  expect(snapReadableFolder({ ...desktop, home: undefined })).toBeUndefined()
})
