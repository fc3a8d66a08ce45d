import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { ServiceCaller } from '../../../src/service/callers/caller.ts'
import { CallersFile } from '../../../src/service/callers/callers-file.ts'
import { makeSandboxKey } from '../../../src/service/page/login/sandbox-key.ts'
import { callersFileLogin, keyLogin } from '../../../src/service/page/login/token-login.ts'
import { SettingsError } from '../../../src/shared/errors.ts'
import { newStateDir, unusableStateDir } from '../../support/approvals/state-folder.ts'
import { entryOf, openCallersFolder, testClock, tokenOf } from '../../support/callers/callers-folder.ts'

const sandbox: ServiceCaller = {
  name: 'sandbox',
  person: 'sandbox',
  knownBy: 'sandbox',
  roles: new Set(['approver']),
}

describe('the token of a caller', () => {
  test('opens a login that holds as long as the caller is as it was', () => {
    const folder = openCallersFolder()
    const clock = testClock()
    folder.write(entryOf('eve', { role: ['approver', 'viewer'] }), entryOf('tom'))
    const login = callersFileLogin(new CallersFile(folder.path, clock))
    const opened = login.open(tokenOf('eve'))
    if (!('caller' in opened)) throw new Error(opened.refusal)
    expect([opened.caller.name, opened.standing()]).toEqual(['eve', 'good'])
    const standingWith = (...callers: readonly object[]): string => {
      folder.write(...callers)
      clock.pass(1_000)
      return opened.standing()
    }
    expect(standingWith(entryOf('eve', { role: ['viewer', 'approver'] }))).toBe('good')
    expect(standingWith(entryOf('eve', { role: ['viewer'] }))).toBe('ended')
    expect(standingWith(entryOf('eve', { role: ['approver', 'viewer'], maxAssetsPerRun: 5 }))).toBe('ended')
    expect(standingWith(entryOf('tom'))).toBe('ended')
    folder.writeText('{')
    clock.pass(1_000)
    expect(opened.standing()).toBe('suspended')
    folder.remove()
  })
})

describe('the key of a start', () => {
  test('opens a login for the one caller, and nothing else does', () => {
    const login = keyLogin('the key', sandbox)
    expect(login.open('the key')).toMatchObject({ caller: sandbox })
    for (const text of ['', 'the key ', 'The key', 'another'])
      expect(login.open(text)).toHaveProperty('refusal')
  })

  test('is another one each time, and its file goes with it', () => {
    const folder = newStateDir()
    const [first, second] = [makeSandboxKey(folder), makeSandboxKey(folder)]
    expect(first.key).not.toBe(second.key)
    expect(readFileSync(second.path, 'utf8')).toBe(`${second.key}\n`)
    // The file is of the second start by now.
    first.remove()
    expect(readFileSync(second.path, 'utf8')).toContain(second.key)
    second.remove()
    expect(() => readFileSync(second.path)).toThrow(/ENOENT/)
    expect(() => second.remove()).not.toThrow()
  })

  test('that cannot be written stops the start with one sentence', () => {
    expect(() => makeSandboxKey(unusableStateDir)).toThrow(SettingsError)
    expect(() => makeSandboxKey(unusableStateDir)).toThrow(/QUALYS_STATE_DIR.*QUALYS_PUBLIC_URL\.$/)
  })
})
