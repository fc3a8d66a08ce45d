import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { shellWord } from '../../../src/shared/command/shell-word.ts'
import { approveCommand } from '../../../src/tools/effects/approval/approve-command.ts'

// The command of a refusal works in a terminal that has none of the server's variables.

const code = 'K7Q2-M9XD'
const usual = join(userInfo().homedir, '.local', 'state', 'qualys-mcp')

test('the usual state folder is not named', () => {
  expect(approveCommand(usual, code)).toBe(`qualys-mcp approve ${code}`)
  expect(approveCommand(`${usual}/`, code)).toBe(`qualys-mcp approve ${code}`)
})

test('another one is, by its whole path', () => {
  const named = (stateDir: string) => approveCommand(stateDir, code).split(' --state-dir ')[1]
  expect(named(join(homedir(), 'other'))).toBe(shellWord(join(homedir(), 'other')))
  expect(named('state')).toBe(shellWord(resolve('state')))
  expect(named('my state')).toBe(shellWord(resolve('my state')))
})

test.each([
  ['/a/b-c_d.e', '/a/b-c_d.e', '/a/b-c_d.e'],
  ['/a b', "'/a b'", '"/a b"'],
  ["/a'b", `'/a'\\''b'`, `"/a'b"`],
  ['/$HOME', "'/$HOME'", '"/$HOME"'],
  ['~/x', "'~/x'", '~/x'],
  ['C:\\x', "'C:\\x'", 'C:\\x'],
  ['/ü', "'/ü'", '"/ü"'],
  ['', "''", '""'],
])('%j in a shell', (word, posix, windows) => {
  expect(shellWord(word, false)).toBe(posix)
  expect(shellWord(word, true)).toBe(windows)
})
