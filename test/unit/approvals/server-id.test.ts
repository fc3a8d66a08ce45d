import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { serverIdOf } from '../../../src/tools/effects/approval/server-id.ts'
import { newStateDir, unusableStateDir } from '../../support/approvals/state-folder.ts'

// The id of a state folder, which each record names. (Several processes at once: test/process/approvals.)

let stateDir: string
beforeEach(() => {
  stateDir = newStateDir()
})
const path = (): string => join(stateDir, 'server-id')

test('the first server gives its id to the folder, and the others take that', () => {
  const first = randomUUID()
  expect(serverIdOf(stateDir, first)).toBe(first)
  for (const _ of [1, 2]) expect(serverIdOf(stateDir, randomUUID())).toBe(first)
  expect(readdirSync(stateDir)).toEqual(['server-id'])
  expect(serverIdOf(newStateDir(), randomUUID())).not.toBe(first)
})

test('another folder has another id, and so has the same folder once its file is removed', () => {
  const first = serverIdOf(stateDir, randomUUID())
  rmSync(path())
  expect(serverIdOf(stateDir, randomUUID())).not.toBe(first)
})

test.skipIf(process.platform === 'win32')('the file belongs to the user only', () => {
  serverIdOf(stateDir, randomUUID())
  expect(statSync(stateDir).mode & 0o777).toBe(0o700)
  expect(statSync(path()).mode & 0o777).toBe(0o600)
})

describe('where the folder cannot hold an id', () => {
  const own = randomUUID()

  test('a server has its own: a part of the path is a file', () => {
    expect(serverIdOf(unusableStateDir, own)).toBe(own)
  })

  test('a server has its own: the folder is a file', () => {
    writeFileSync(stateDir, 'x')
    expect(serverIdOf(stateDir, own)).toBe(own)
    expect(readFileSync(stateDir, 'utf8')).toBe('x')
  })

  test.each(['', 'x', '../../etc', `${own}x`, own.toUpperCase(), `${own}\n${own}`])(
    'a server has its own, and leaves a file alone that holds %j',
    (text) => {
      mkdirSync(stateDir)
      writeFileSync(path(), text)
      expect(serverIdOf(stateDir, own)).toBe(own)
      expect(readFileSync(path(), 'utf8')).toBe(text)
      expect(readdirSync(stateDir)).toEqual(['server-id'])
    },
  )

  test('a server has its own: a folder has the name of the file', () => {
    mkdirSync(path(), { recursive: true })
    expect(serverIdOf(stateDir, own)).toBe(own)
    expect(readdirSync(stateDir)).toEqual(['server-id'])
  })

  const isRoot = process.getuid?.() === 0
  test.skipIf(isRoot || process.platform === 'win32')('a server has its own: nobody may write there', () => {
    mkdirSync(stateDir)
    chmodSync(stateDir, 0o500)
    expect(serverIdOf(stateDir, own)).toBe(own)
    expect(existsSync(path())).toBe(false)
  })
})
