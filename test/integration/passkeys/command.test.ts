import { chownSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError, SettingsError } from '../../../src/shared/errors.ts'
import { ownUserId, setOwnUserId } from '../../../src/shared/own-user.ts'
import type { Passkeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { runAdd, runPasskey } from '../../support/passkeys/command.ts'
import { openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import { pinned, softwareKey } from '../../support/passkeys/software-key.ts'

// `qualys-mcp passkey`: what it prints, what it changes, and what it refuses.

let folder: ReturnType<typeof openPasskeysFolder>
beforeEach(() => {
  folder = openPasskeysFolder()
})
afterEach(() => {
  setOwnUserId(undefined)
  folder.remove()
})

const keyOf = (id: string) => softwareKey('ES256', Buffer.from(id))
const [first, second, other] = [
  keyOf('first key of anna'),
  keyOf('second key of anna'),
  keyOf('a key of bob'),
]
const writeThree = (): void =>
  folder.write(
    pinned(first, { ...page, person: 'Anna Lund', label: 'laptop' }),
    pinned(second, { ...page, person: 'Anna Lund', label: 'blue stick', counter: 7 }),
    pinned(other, { rpId: 'qualys.example.com', origin: 'https://qualys.example.com', person: 'bob' }),
  )

describe('passkey list', () => {
  test('prints a line for each key, with the counter that was seen last', async () => {
    writeThree()
    const { printed, exitCode } = await runPasskey(folder, ['list'])
    expect(printed).toEqual([
      'id            person     passkey     on pages of         added                     counter',
      'Zmlyc3Qga2V5  Anna Lund  laptop      localhost           2026-11-28 12:00 by test  0',
      'c2Vjb25kIGtl  Anna Lund  blue stick  localhost           2026-11-28 12:00 by test  7',
      'YSBrZXkgb2Yg  bob        test key    qualys.example.com  2026-11-28 12:00 by test  0',
    ])
    expect(exitCode).toBe(0)
  })

  test('says so if there is none, and where one goes', async () => {
    const { printed } = await runPasskey(folder, ['list'])
    expect(printed).toEqual([
      `No passkey counts: add one with qualys-mcp passkey add NAME, or its line to ${folder.path}.`,
    ])
  })

  test('says what is wrong with the file', async () => {
    folder.writeText('{')
    await expect(runPasskey(folder, ['list'])).rejects.toThrow(
      new SettingsError(
        'No passkey counts, since the file of passkeys (QUALYS_PASSKEYS_FILE) is no JSON. Correct it.',
      ),
    )
  })

  test('reads the file of the setting', async () => {
    const elsewhere = openPasskeysFolder()
    elsewhere.write(pinned(other, { ...page, person: 'carol' }))
    const environment = { QUALYS_PASSKEYS_FILE: elsewhere.path }
    const { printed } = await runPasskey(folder, ['list'], { environment })
    elsewhere.remove()
    expect(printed[1]).toContain('carol')
  })
})

describe('passkey remove', () => {
  const left = (): string[] =>
    folder
      .open()
      .list()
      .map(({ label }) => label)
  beforeEach(writeThree)

  test.each([
    ['the whole id', second.credentialId],
    ['what the list shows of it', 'c2Vjb25kIGtl'],
    ['a shorter beginning', 'c2Vj'],
  ])('takes %s', async (_what, id) => {
    const { printed } = await runPasskey(folder, ['remove', id])
    expect(printed).toEqual([
      'Removed: "blue stick" of "Anna Lund" (c2Vjb25kIGtl), which counts no longer, in running servers either.',
    ])
    expect(left()).toEqual(['laptop', 'test key'])
  })

  test.each(['Anna Lund', 'anna lund'])('takes a person, for all of their keys: %s', async (person) => {
    const { printed } = await runPasskey(folder, ['remove', person])
    expect(printed).toHaveLength(2)
    expect(left()).toEqual(['test key'])
  })

  test.each([
    ['bop', 'YSBrZXkgb2Yg of "bob"'],
    ['c2Vjb25kIGt1', 'c2Vjb25kIGtl of "Anna Lund"'],
    ['c2V', 'c2Vjb25kIGtl of "Anna Lund"'],
  ])('names the nearest for what it does not know: %s', async (word, nearest) => {
    await expect(runPasskey(folder, ['remove', word])).rejects.toThrow(
      `There is no passkey "${word}", so none is removed: the nearest are ${nearest}, `,
    )
    expect(left()).toHaveLength(3)
  })

  test('says so if there is none at all', async () => {
    folder.write()
    await expect(runPasskey(folder, ['remove', 'bob'])).rejects.toThrow(
      'There is no passkey at all, so none is removed.',
    )
  })

  test('writes a line into the audit log, with the public key', async () => {
    const log = join(folder.stateDir, 'audit.jsonl')
    await runPasskey(folder, ['remove', 'bob'], { environment: { QUALYS_AUDIT_FILE: log } })
    const lines = readFileSync(log, 'utf8')
    expect(lines).toContain('"event":"passkey removed"')
    expect(lines).toContain(`"publicKey":"${other.publicKey}"`)
    expect((await verifyAudit(log)).lines).toEqual(['1 chain, 3 lines: intact'])
  })

  test('removes nothing if the audit log cannot be written', async () => {
    const environment = { QUALYS_AUDIT_FILE: join(folder.stateDir, 'none', 'audit.jsonl') }
    await expect(runPasskey(folder, ['remove', 'bob'], { environment })).rejects.toThrow(
      /^The audit log \(QUALYS_AUDIT_FILE\) cannot be written: /,
    )
    expect(left()).toHaveLength(3)
  })
})

describe('passkey add', () => {
  /** Makes a passkey as a browser and the page do. */
  const making =
    (person = 'anna', key = softwareKey()) =>
    async (passkeys: Passkeys): Promise<void> => {
      const { challenge } = await passkeys.registration(person, page.rpId, page.origin)
      const passkey = await passkeys.register({
        ...page,
        ...{ person, label: 'laptop', challenge, response: key.register({ ...page, challenge }) },
      })
      if (passkeys.mayWrite()) await passkeys.add(passkey)
      else passkeys.lineFor(passkey)
    }

  test('says what was added, and what it means that this user may write the file', async () => {
    const { printed, warned, exitCode } = await runAdd(folder, 'anna', making())
    expect(printed).toEqual([
      'The page is open in your browser: add a passkey for "anna" there, within ten minutes.',
      'Added: "laptop" of "anna", for pages of localhost. It counts at once, in running servers too.',
    ])
    expect(warned).toEqual([
      `${folder.path}: this file is yours to change, and so is it for any program you run. Let another user own it, and name it with QUALYS_PASSKEYS_FILE, to be safe from those.`,
    ])
    expect(exitCode).toBe(0)
    expect(folder.open().list()).toMatchObject([{ person: 'anna', label: 'laptop' }])
  })

  test('prints the link where no browser could be opened', async () => {
    const { printed } = await runAdd(folder, 'anna', making(), { link: 'http://localhost:1/passkeys?key=x' })
    expect(printed[0]).toBe(
      'Open this link on this machine within ten minutes, show it to nobody, and add a passkey for "anna": http://localhost:1/passkeys?key=x',
    )
  })

  // Only root can give files to other users.
  test.skipIf(ownUserId() !== 0)('prints the line where it may not write the file', async () => {
    folder.write()
    chownSync(folder.path, 0, 0)
    setOwnUserId(65_533)
    const { printed, warned } = await runAdd(folder, 'anna', making())
    expect(printed[1]).toBe(
      `Made, and counts when this line is in the list "passkeys" of ${folder.path}: "laptop" of "anna", for pages of localhost.`,
    )
    expect(JSON.parse(printed[2] ?? '')).toMatchObject({ person: 'anna', ...page })
    expect(printed).toHaveLength(3)
    // Root runs this test, and may write every folder.
    expect(warned).toEqual([
      `${folder.path}: this file belongs to another user, but its folder is yours, so you and any program you run can replace it.`,
    ])
    expect(folder.open().list()).toEqual([])
  })

  test('adds keys of the named person alone', async () => {
    let refusal: unknown
    await runAdd(folder, 'anna', async (passkeys) => {
      refusal = await making('mallory')(passkeys).catch((error: unknown) => error)
      await making()(passkeys)
    })
    expect(refusal).toBeInstanceOf(InputError)
    expect((refusal as InputError).message).toBe(
      'This page adds a passkey for "anna" alone: run the command for another person.',
    )
    expect(folder.open().list()).toMatchObject([{ person: 'anna' }])
  })

  test('adds no second key without a signature of the first', async () => {
    writeThree()
    const before = folder.read()
    let refusal: unknown
    await runAdd(folder, 'Anna Lund', async (passkeys) => {
      refusal = await making('Anna Lund')(passkeys).catch((error: unknown) => error)
      passkeys.lineFor(pinned(softwareKey(), { ...page, person: 'Anna Lund' }))
    })
    expect((refusal as InputError).message).toMatch(/^"Anna Lund" has a passkey already, which has to sign/)
    expect(folder.read()).toBe(before)
  })

  test('needs a terminal: the link gives the right to approve', async () => {
    await expect(runAdd(folder, 'anna', making(), { isTerminal: false })).rejects.toThrow(
      'Adding a passkey needs a person at a terminal: run `qualys-mcp passkey add NAME` in one, without pipes.',
    )
    expect(existsSync(folder.path)).toBe(false)
  })

  test('sends those who use the service to its own page', async () => {
    const environment = { QUALYS_PUBLIC_URL: 'https://qualys.example.com' }
    await expect(runAdd(folder, 'anna', making(), { environment })).rejects.toThrow(
      /log in at https:\/\/qualys\.example\.com\/passkeys to add one\.$/,
    )
  })

  test('does not begin with a damaged file', async () => {
    folder.writeText('{')
    await expect(runAdd(folder, 'anna', making())).rejects.toThrow(/ is no JSON\.$/)
  })
})

test.each([[], ['show'], ['list', 'x'], ['add'], ['add', ' '], ['remove']])(
  'the words %o are none of the command',
  async (...words) => {
    await expect(runPasskey(folder, words)).rejects.toThrow(
      new SettingsError(
        'Say what to do with the passkeys: qualys-mcp passkey add NAME, qualys-mcp passkey list, or qualys-mcp passkey remove ID|NAME.',
      ),
    )
  },
)
