import { chmodSync, existsSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { InputError, SetupError } from '../../../src/shared/errors.ts'
import type { Passkey } from '../../../src/tools/effects/approval/page/passkeys/passkey-schema.ts'
import { memoryAudit, openPasskeysFolder, page } from '../../support/passkeys/passkeys-folder.ts'
import { flag, pinned, type SoftwareKey, softwareKey } from '../../support/passkeys/software-key.ts'

// Adding and removing keys: who may, and what the audit log says.

const start = Date.parse('2026-11-28T12:00:00Z')

let folder: ReturnType<typeof openPasskeysFolder>
let log: ReturnType<typeof memoryAudit>
let time: number
beforeEach(() => {
  folder = openPasskeysFolder()
  log = memoryAudit()
  time = start
})
afterEach(() => folder.remove())

const open = () => folder.open({ audit: log.audit, now: () => time })

/** Registers a key as the page does. */
async function registered(key: SoftwareKey, person: string, more: Partial<Passkey> = {}): Promise<Passkey> {
  const passkeys = open()
  const at = { origin: more.origin ?? page.origin, rpId: more.rpId ?? page.rpId }
  const { challenge } = await passkeys.registration(person, at.rpId, at.origin)
  return passkeys.register({
    person,
    label: 'a key',
    response: key.register({ ...at, challenge }),
    challenge,
    ...at,
  })
}

/** The signature of an old key that a new one is added. */
async function proofBy(old: SoftwareKey, added: Passkey, more: object = {}) {
  const options = await open().proofOptions(added)
  return old.assert({ ...page, challenge: options?.challenge ?? '', ...more })
}

const ids = (): string[] =>
  open()
    .list()
    .map(({ credentialId }) => credentialId)

describe('the first key of a person', () => {
  test('is added, and the audit log says so with the public key', async () => {
    const key = softwareKey()
    const passkey = await registered(key, 'anna')
    expect(await open().proofOptions(passkey)).toBeUndefined()
    await open().add(passkey)
    expect(open().list()).toEqual([passkey])
    expect(log.lines).toEqual([{ event: 'passkey added', facts: passkey }])
    expect(passkey).toEqual({
      ...{ person: 'anna', label: 'a key', credentialId: key.credentialId, publicKey: key.publicKey },
      ...{ ...page, counter: 0, addedAt: '2026-11-28T12:00:00.000Z', addedBy: 'anna' },
    })
  })

  test('makes a file that everybody may read, as a server of another user may have to', async () => {
    await open().add(await registered(softwareKey(), 'anna'))
    expect(statSync(folder.path).mode & 0o777).toBe(0o644)
  })

  test('makes the state folder, and no other one', async () => {
    const stateDir = join(folder.stateDir, 'a', 'state')
    const passkey = await registered(softwareKey(), 'anna')
    const inState = folder.open({ stateDir, path: join(stateDir, 'passkeys.json'), now: () => time })
    expect(inState.mayWrite()).toBe(true)
    await inState.add(passkey)
    expect(inState.list()).toHaveLength(1)
    const elsewhere = folder.open({ path: join(folder.stateDir, 'b', 'passkeys.json'), now: () => time })
    expect(elsewhere.mayWrite()).toBe(false)
    await expect(elsewhere.add(passkey)).rejects.toThrow(SetupError)
  })

  test('is not added without its line in the audit log', async () => {
    const passkey = await registered(softwareKey(), 'anna')
    log.fail(new SetupError('The audit log cannot be written.', 'Repair it.'))
    await expect(open().add(passkey)).rejects.toThrow('The audit log cannot be written.')
    expect(existsSync(folder.path)).toBe(false)
  })

  test('is added within ten minutes, or not at all', async () => {
    const passkey = await registered(softwareKey(), 'anna')
    time += 600_001
    await expect(open().add(passkey)).rejects.toThrow(/^The new passkey was made more than ten minutes ago: /)
    time -= 1
    await expect(open().add(passkey)).resolves.toBeUndefined()
  })

  test('needs no signature of somebody else', async () => {
    await open().add(await registered(softwareKey(), 'anna'))
    await open().add(await registered(softwareKey(), 'bob'))
    expect(ids()).toHaveLength(2)
  })

  test('is added once', async () => {
    const passkey = await registered(softwareKey(), 'anna')
    await open().add(passkey)
    await expect(open().add({ ...passkey, person: 'bob' })).rejects.toThrow(
      'This passkey is in the file of passkeys already: use another key, or remove that one first.',
    )
    expect(log.lines).toHaveLength(1)
  })
})

describe('another key of a person', () => {
  const old = softwareKey()
  beforeEach(() => folder.write(pinned(old, { ...page, person: 'anna' })))

  const needsOld =
    '"anna" has a passkey already, which has to sign that another one is added: sign with the old passkey, or have the operator add the line of the new one to the file.'

  async function expectRefusal(added: Promise<void>, sentence: string | RegExp): Promise<void> {
    const error: unknown = await added.catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toMatch(sentence)
    expect(ids()).toEqual([old.credentialId])
    expect(log.lines).toEqual([])
  }

  test('is added with the signature of an old one, which the audit log names', async () => {
    const key = softwareKey('EdDSA')
    const added = await registered(key, 'anna')
    const options = await open().proofOptions(added)
    expect(options).toMatchObject({
      rpId: 'localhost',
      userVerification: 'required',
      allowCredentials: [{ id: old.credentialId, type: 'public-key' }],
    })
    await open().add(added, await proofBy(old, added))
    expect(ids()).toEqual([old.credentialId, key.credentialId])
    expect(log.lines).toEqual([{ event: 'passkey added', facts: { ...added, signedBy: old.credentialId } }])
  })

  test('is refused without one', async () => {
    await expectRefusal(open().add(await registered(softwareKey(), 'anna')), needsOld)
  })

  test.each(['Anna', 'ANNA', 'ａnna'])(
    'is refused without one for %s, who looks like anna',
    async (person) => {
      await expectRefusal(open().add(await registered(softwareKey(), person)), /has a passkey already/)
    },
  )

  test('is refused with its own signature', async () => {
    const key = softwareKey()
    const added = await registered(key, 'anna')
    await expectRefusal(open().add(added, await proofBy(key, added)), /^This passkey is not in the file/)
  })

  test('is refused with the signature of somebody else', async () => {
    const bob = softwareKey()
    folder.write(pinned(old, { ...page, person: 'anna' }), pinned(bob, { ...page, person: 'bob' }))
    const added = await registered(softwareKey(), 'anna')
    await expect(open().add(added, await proofBy(bob, added))).rejects.toThrow(needsOld)
    expect(ids()).toHaveLength(2)
  })

  test('is refused with a signature for another key', async () => {
    const other = await registered(softwareKey(), 'anna')
    const added = await registered(softwareKey(), 'anna')
    await expectRefusal(open().add(added, await proofBy(old, other)), /^The passkey signed another request/)
  })

  test('is refused if anything of it is not what was signed', async () => {
    const added = await registered(softwareKey(), 'anna')
    const proof = await proofBy(old, added)
    const bob = softwareKey()
    for (const change of [
      { publicKey: bob.publicKey },
      { credentialId: bob.credentialId },
      { person: 'Anna' },
    ])
      await expectRefusal(open().add({ ...added, ...change }, proof), /^The passkey signed another request/)
  })

  test('is refused with a signature from another page, or without a check of the user', async () => {
    const added = await registered(softwareKey(), 'anna')
    const elsewhere = await proofBy(old, added, { origin: 'http://localhost:1' })
    await expectRefusal(open().add(added, elsewhere), /^The passkey was used on the page at /)
    const unchecked = await proofBy(old, added, { flags: flag.present })
    await expectRefusal(open().add(added, unchecked), /^The passkey did not check who uses it/)
  })

  test('is refused with what is no signature', async () => {
    const added = await registered(softwareKey(), 'anna')
    await expectRefusal(open().add(added, null), /^What came is no signature/)
  })

  test('cannot come back with an old signature after it was removed', async () => {
    const added = await registered(softwareKey(), 'anna')
    const proof = await proofBy(old, added)
    await open().add(added, proof)
    open().remove(added.credentialId)
    time += 600_001
    await expect(open().add(added, proof)).rejects.toThrow(
      /^The new passkey was made more than ten minutes ago/,
    )
    expect(ids()).toEqual([old.credentialId])
  })

  test('for another name than the old ones are for is up to the operator', async () => {
    const at = { origin: 'https://qualys.example.com', rpId: 'qualys.example.com' }
    const added = await registered(softwareKey(), 'anna', at)
    const sentence =
      '"anna" has passkeys, but none that works on pages of qualys.example.com and could sign that another one is added: have the operator add the line of the new one to the file.'
    await expect(open().proofOptions(added)).rejects.toThrow(sentence)
    await expectRefusal(open().add(added), sentence)
  })

  test('is not offered to an authenticator that holds an old one', async () => {
    const { options } = await open().registration('anna', page.rpId, page.origin)
    expect(options.excludeCredentials?.map(({ id }) => id)).toEqual([old.credentialId])
    const others = await open().registration('bob', page.rpId, page.origin)
    expect(others.options.excludeCredentials).toEqual([])
  })
})

describe('removing a key', () => {
  const [anna, bob] = [softwareKey(), softwareKey()]
  const annas = pinned(anna, { ...page, person: 'anna' })
  const bobs = pinned(bob, { ...page, person: 'bob' })
  beforeEach(() => folder.write(annas, bobs))

  test('takes it alone out of the file, and the audit log says so with the public key', () => {
    expect(open().remove(anna.credentialId)).toEqual(annas)
    expect(open().list()).toEqual([bobs])
    expect(log.lines).toEqual([{ event: 'passkey removed', facts: annas }])
  })

  test('keeps all else in the file, and how open it is', () => {
    folder.writeText(JSON.stringify({ $schema: 'x', passkeys: [annas, bobs] }))
    chmodSync(folder.path, 0o640)
    open().remove(bob.credentialId)
    expect(JSON.parse(folder.read())).toEqual({ $schema: 'x', passkeys: [annas] })
    expect(statSync(folder.path).mode & 0o777).toBe(0o640)
  })

  test('keeps a link to the file', () => {
    const link = join(folder.stateDir, 'link.json')
    symlinkSync(folder.path, link)
    folder.open({ path: link }).remove(bob.credentialId)
    expect(JSON.parse(folder.read())).toEqual({ passkeys: [annas] })
    expect(folder.open({ path: link }).list()).toEqual([annas])
  })

  test('that is not there is refused', () => {
    expect(() => open().remove(softwareKey().credentialId)).toThrow(
      new InputError(
        'There is no passkey with this id: it may have been removed before.',
        'Look at the list of passkeys.',
      ),
    )
    expect(log.lines).toEqual([])
  })

  test('is not done without its line in the audit log', () => {
    log.fail(new SetupError('The audit log cannot be written.', 'Repair it.'))
    expect(() => open().remove(anna.credentialId)).toThrow('The audit log cannot be written.')
    expect(open().list()).toEqual([annas, bobs])
  })

  test('is not done in a damaged file', () => {
    folder.writeText('{')
    expect(() => open().remove(anna.credentialId)).toThrow(SetupError)
    expect(folder.read()).toBe('{')
  })
})

test('the line for the file is one that can be added by hand', async () => {
  const passkey = await registered(softwareKey(), 'anna')
  const line = open().lineFor(passkey)
  expect(line).not.toContain('\n')
  folder.writeText(`{"passkeys":[\n${line}\n]}`)
  expect(open().list()).toEqual([passkey])
})
