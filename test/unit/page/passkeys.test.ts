import { describe, expect, onTestFinished, test } from 'vitest'
import { challengeOf } from '../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import type { Passkeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import type { FoundCall } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import { memoryStore, waitingCall } from '../../support/page/calls.ts'
import { origin, testPage } from '../../support/page/page.ts'
import { openPasskeysFolder } from '../../support/passkeys/passkeys-folder.ts'
import { flag, pinned, type SoftwareKey, softwareKey } from '../../support/passkeys/software-key.ts'

const path = '/approve/ABCD-EFGH'
const rpId = 'localhost'

const dataOf = (body: string | Buffer, name: string): Record<string, unknown> => {
  const value = new RegExp(`data-${name}="([^"]*)"`).exec(String(body))?.[1] ?? 'null'
  return JSON.parse(value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
}

/** A page with one call, and the passkeys of a file. */
async function passkeyPage({
  call = waitingCall({ ways: ['passkey'] }),
  keys = [] as readonly object[],
  more = {} as Parameters<typeof testPage>[0],
  change = (passkeys: Passkeys): Passkeys => passkeys,
} = {}) {
  const folder = openPasskeysFolder()
  onTestFinished(folder.remove)
  if (keys.length > 0) folder.write(...keys)
  const store = memoryStore(call)
  const page = testPage({ store, passkeys: change(folder.open({})), ...more })
  return { ...page, folder, store }
}

/** What the page sends for a signature over the digest of a call. */
function signed(
  key: SoftwareKey,
  { digest }: FoundCall,
  more: Partial<Parameters<SoftwareKey['assert']>[0]> = {},
) {
  return { assertion: key.assert({ challenge: challengeOf(digest), origin, rpId, ...more }) }
}

const annas = (key: SoftwareKey): object => pinned(key, { person: 'anna', rpId, origin })

describe('an approval with a passkey', () => {
  test('is offered to who has the link, and counts', async () => {
    const key = softwareKey()
    const { get, send, store } = await passkeyPage({ keys: [annas(key)] })
    const [call] = store.all as [FoundCall]
    const { body } = await get(path)
    expect(String(body)).toContain('You came by the link, so only a passkey approves this request here.')
    const options = dataOf(body, 'options')
    expect(options).toMatchObject({
      challenge: challengeOf(call.digest),
      rpId,
      userVerification: 'required',
      allowCredentials: [{ id: key.credentialId }],
    })
    const answer = await send(`${path}/passkey`, { ...dataOf(body, 'send'), ...signed(key, call) })
    expect(answer).toMatchObject({ status: 200, body: '{"state":"approved"}' })
    expect(store.all[0]).toMatchObject({
      state: 'approved',
      approval: { way: 'page', by: 'passkey', person: 'anna', passkey: { credentialId: key.credentialId } },
    })
    expect((await send(`${path}/passkey`, { ...dataOf(body, 'send'), ...signed(key, call) })).status).toBe(
      409,
    )
  })

  test('is the only one where a passkey is asked for, with the page key as well', async () => {
    const { post, key, store } = await passkeyPage({ keys: [annas(softwareKey())] })
    const shown = await post(path, { key: key.text })
    expect(String(shown.body)).not.toContain('value="approve"')
    expect(String(shown.body)).toContain('value="decline"')
    const token = dataOf(shown.body, 'send')['token'] as string
    const answer = await post(path, { key: key.text, token, decision: 'approve' })
    expect(answer.status).toBe(403)
    expect(String(answer.body)).toContain('Only a passkey counts')
    expect(store.all[0]?.state).toBe('pending')
    expect((await post(path, { key: key.text, token, decision: 'decline' })).status).toBe(200)
    expect(store.all[0]?.state).toBe('declined')
  })

  test.each<[string, (key: SoftwareKey, call: FoundCall) => unknown, string]>([
    [
      'of another record',
      (key) => signed(key, waitingCall({ recordParts: { id: '9'.repeat(32) } })),
      'another request',
    ],
    [
      'on another port',
      (key, call) => signed(key, call, { origin: 'http://localhost:1' }),
      'not the page of this server',
    ],
    ['for another name', (key, call) => signed(key, call, { rpId: 'example.com' }), 'another name'],
    ['without user verification', (key, call) => signed(key, call, { flags: flag.present }), 'PIN'],
    ['of a key that is not pinned', (_, call) => signed(softwareKey(), call), 'not in the file'],
    ['that is none', () => ({ assertion: 'yes' }), 'no signature'],
    ['that is missing', () => ({}), 'no signature'],
  ])('is refused with a signature %s', async (_, answerOf, sentence) => {
    const key = softwareKey()
    const { get, send, store } = await passkeyPage({ keys: [annas(key)] })
    const [call] = store.all as [FoundCall]
    const { body } = await get(path)
    const answer = await send(`${path}/passkey`, {
      ...dataOf(body, 'send'),
      ...(answerOf(key, call) as object),
    })
    expect(answer.status).toBe(403)
    expect(JSON.parse(String(answer.body)).error).toContain(sentence)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('is refused for a request whose file was changed', async () => {
    const key = softwareKey()
    const call = waitingCall({ ways: ['passkey'] })
    const facts = { ...call.preview.facts, blocks: [] }
    const changed = { ...call, preview: { ...call.preview, facts } }
    const { get, send, store } = await passkeyPage({ call: changed, keys: [annas(key)] })
    const { body } = await get(path)
    expect(String(body)).not.toContain('data-passkey')
    const answer = await send(`${path}/passkey`, signed(key, call))
    expect(answer.status).toBe(403)
    expect(String(answer.body)).toContain('was changed since it was asked')
    expect(store.all[0]?.state).toBe('pending')
  })

  test('needs the token of the page', async () => {
    const key = softwareKey()
    const { send, store } = await passkeyPage({ keys: [annas(key)] })
    const answer = await send(`${path}/passkey`, signed(key, store.all[0] as FoundCall))
    expect(answer.status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('does not count where neither page nor passkey does', async () => {
    const key = softwareKey()
    const call = waitingCall({ ways: ['client', 'terminal'] })
    const { get, send, store } = await passkeyPage({ call, keys: [annas(key)] })
    const { body } = await get(path)
    expect(String(body)).not.toContain('data-passkey')
    expect((await send(`${path}/passkey`, signed(key, call))).status).toBe(403)
    expect(store.all[0]?.state).toBe('pending')
  })

  test('says how to go on where there is no passkey yet, or none that counts', async () => {
    const none = await passkeyPage()
    expect(String((await none.get(path)).body)).toContain('No passkey is registered for localhost.')
    const { folder, post, key } = await passkeyPage()
    folder.writeText('{')
    const shown = await post(path, { key: key.text })
    expect(shown.status).toBe(200)
    expect(String(shown.body)).toContain('No passkey counts, since the file of passkeys')
  })

  test('is one of the person who is logged in, and of nobody else', async () => {
    const [key, other] = [softwareKey(), softwareKey()]
    const call = waitingCall({ ways: ['passkey'], person: 'anna', needsOther: true })
    const login = (person: string) => ({
      authority: {
        viewerOf: async () => ({
          by: 'login' as const,
          person,
          sees: () => true,
          obstacle: () => undefined,
          fields: {},
        }),
        tokenBinding: () => person,
      },
    })
    const keys = [annas(key), pinned(other, { person: 'ben', rpId, origin })]
    const bens = await passkeyPage({ call, keys, more: login('ben') })
    const { body } = await bens.get(path)
    expect(dataOf(body, 'options')).toMatchObject({ allowCredentials: [{ id: other.credentialId }] })
    const refused = await bens.send(`${path}/passkey`, { ...dataOf(body, 'send'), ...signed(key, call) })
    expect(refused.status).toBe(403)
    const taken = await bens.send(`${path}/passkey`, { ...dataOf(body, 'send'), ...signed(other, call) })
    expect(taken.status).toBe(200)
    expect(bens.store.all[0]?.approval?.person).toBe('ben')

    const annasPage = await passkeyPage({ call, keys, more: login('anna') })
    const own = await annasPage.get(path)
    const answer = await annasPage.send(`${path}/passkey`, {
      ...dataOf(own.body, 'send'),
      ...signed(key, call),
    })
    expect(answer.status).toBe(403)
    expect(annasPage.store.all[0]?.state).toBe('pending')
  })
})

describe('adding a passkey', () => {
  type Page = Awaited<ReturnType<typeof passkeyPage>>

  /** Goes through the steps of the script. */
  async function add({ post, send, key }: Page, made: SoftwareKey, person: string, signer?: SoftwareKey) {
    const body = dataOf((await post('/passkeys', { key: key.text })).body, 'send')
    const asked = await send('/passkeys/options', { ...body, person, label: 'laptop' })
    if (asked.status !== 200) return asked
    const { create } = JSON.parse(String(asked.body))
    const { challenge } = create
    const response = made.register({ challenge, origin, rpId })
    const answer = await send('/passkeys/add', { ...body, challenge, response })
    const { sign } = JSON.parse(String(answer.body))
    if (!sign || !signer) return answer
    const proof = signer.assert({ challenge: sign.challenge, origin, rpId })
    return send('/passkeys/add', { ...body, challenge, proof })
  }

  test('writes the first one of a person at once', async () => {
    const page = await passkeyPage()
    expect(await add(page, softwareKey(), 'anna')).toMatchObject({ status: 200, body: '{"added":true}' })
    expect(JSON.parse(page.folder.read()).passkeys).toMatchObject([{ person: 'anna', label: 'laptop', rpId }])
    const list = String((await page.post('/passkeys', { key: page.key.text })).body)
    expect(list).toContain('<th scope="row">anna</th><td>laptop</td>')
  })

  test('has an old one sign for the second, and for no other key', async () => {
    const [first, second] = [softwareKey(), softwareKey()]
    const page = await passkeyPage({ keys: [annas(first)] })
    const unsigned = await add(page, second, 'Anna')
    expect(JSON.parse(String(unsigned.body))).toMatchObject({
      sign: { allowCredentials: [{ id: first.credentialId }] },
    })
    expect((await add(page, softwareKey(), 'anna', softwareKey())).status).toBe(403)
    expect(JSON.parse(page.folder.read()).passkeys).toHaveLength(1)
    expect(await add(page, second, 'anna', first)).toMatchObject({ status: 200, body: '{"added":true}' })
    expect(JSON.parse(page.folder.read()).passkeys).toHaveLength(2)
  })

  test('gives the line where the file is not its own', async () => {
    const page = await passkeyPage({ change: (passkeys) => ({ ...passkeys, mayWrite: () => false }) })
    const made = softwareKey()
    const { line } = JSON.parse(String((await add(page, made, 'anna')).body))
    expect(JSON.parse(line)).toMatchObject({ person: 'anna', credentialId: made.credentialId })
    expect(() => page.folder.read()).toThrow()
  })

  test('is said to be needed for the effects that the operator named', async () => {
    const page = await passkeyPage({ more: { settings: { passkeyFor: ['delete', 'execute'] } } })
    const shown = await page.post('/passkeys', { key: page.key.text })
    expect(String(shown.body)).toContain('Only a passkey says yes to these effects: delete, execute.')
  })

  test('needs the page key, and the token of the page', async () => {
    const page = await passkeyPage()
    const { send, key, post } = page
    const { token } = dataOf((await post('/passkeys', { key: key.text })).body, 'send')
    for (const body of [{ person: 'anna' }, { person: 'anna', token }, { person: 'anna', key: key.text }])
      for (const step of ['/passkeys/options', '/passkeys/add'])
        expect((await send(step, body)).status).toBe(403)
  })

  test('takes each attempt once, and only within ten minutes', async () => {
    const page = await passkeyPage()
    const { send, key, post, setTime } = page
    const body = dataOf((await post('/passkeys', { key: key.text })).body, 'send')
    const begin = async () => {
      const { create } = JSON.parse(
        String((await send('/passkeys/options', { ...body, person: 'anna' })).body),
      )
      const response = softwareKey().register({ challenge: create.challenge, origin, rpId })
      return { ...body, challenge: create.challenge, response }
    }
    const first = await begin()
    const late = await begin()
    expect((await send('/passkeys/add', first)).status).toBe(200)
    expect((await send('/passkeys/add', first)).status).toBe(403)
    setTime(Date.parse('2026-11-29T20:12:00.000Z'))
    expect((await send('/passkeys/add', late)).status).toBe(403)
    expect((await send('/passkeys/add', { ...late, challenge: 'AAAA' })).status).toBe(403)
  })

  test('refuses a name that is none, in one sentence', async () => {
    const page = await passkeyPage()
    const answer = await add(page, softwareKey(), ' ')
    expect(answer.status).toBe(403)
    expect(JSON.parse(String(answer.body)).error).toContain('1 to 200 characters')
  })

  test('is for oneself alone where somebody is logged in', async () => {
    const page = await passkeyPage({
      keys: [annas(softwareKey())],
      more: {
        authority: {
          viewerOf: async () => ({
            by: 'login' as const,
            person: 'ben',
            sees: () => true,
            obstacle: () => undefined,
            fields: {},
          }),
          tokenBinding: () => 'session',
        },
      },
    })
    expect(String((await page.get('/passkeys')).body)).not.toContain('anna')
    await add(page, softwareKey(), 'anna')
    expect(JSON.parse(page.folder.read()).passkeys).toMatchObject([{ person: 'anna' }, { person: 'ben' }])
  })
})
