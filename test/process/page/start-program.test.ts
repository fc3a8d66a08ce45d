import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startProgram } from '../../../src/tools/effects/approval/page/local/start-program.ts'

// How the program that opens the browser is started.

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-browser-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A program that notes its arguments and variables, and goes on in some way. */
function program(then: string): string {
  const path = join(folder, 'xdg-open')
  writeFileSync(path, `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/arguments\nenv > ${folder}/env\n${then}\n`)
  chmodSync(path, 0o755)
  return path
}

const environment = { PATH: '/usr/bin:/bin', DISPLAY: ':0', EMPTY: undefined }

describe.runIf(platform() !== 'win32')('a program', () => {
  test('gets its arguments as they are, and no other variables', async () => {
    const odd = `${folder}/a b;$(touch ${folder}/harm)\`'".html`
    expect(await startProgram(program('exit 0'), [odd], environment)).toBe(true)
    expect(readFileSync(join(folder, 'arguments'), 'utf8')).toBe(`${odd}\n`)
    const names = readFileSync(join(folder, 'env'), 'utf8')
      .split('\n')
      .map((line) => line.split('=')[0])
    expect(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD', ''].includes(name ?? ''))).toEqual([
      'PATH',
      'DISPLAY',
    ])
    expect(existsSync(join(folder, 'harm'))).toBe(false)
  })

  test.each([1, 3, 4])('that ends with %i was not started', async (code) => {
    expect(await startProgram(program(`exit ${code}`), [], environment)).toBe(false)
  })

  test('that goes on was started', async () => {
    expect(
      await startProgram(program(`while [ -e ${folder}/env ]; do sleep 0.1; done`), [], environment),
    ).toBe(true)
    rmSync(join(folder, 'env'))
  })

  test('that does not exist was not started', async () => {
    expect(await startProgram('xdg-open-that-nobody-has', [], environment)).toBe(false)
  })
})
