import { describe, expect } from 'vitest'
import { challengeOf } from '../../../../src/tools/effects/approval/page/passkeys/challenge.ts'
import type { Approval } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import {
  type Ceremony,
  decideWithKey,
  openByLink,
  type SigningPage,
  sendSignature,
  signatureOn,
  signByLink,
} from '../../../support/approvals/local-person.ts'
import {
  type LocalServer,
  openLocalServer,
  pinKeys,
  stateFolderWith,
} from '../../../support/approvals/local-server.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { approvedFile, writeFile } from '../../../support/forged/approved-files.ts'
import {
  askFor,
  codeIn,
  type Forgery,
  sentWith,
  type Target,
  tryAll,
} from '../../../support/forged/attacks.ts'
import { flag, pinned, type SoftwareKey, softwareKey } from '../../../support/passkeys/software-key.ts'

// Signatures that are no yes, sent to the page and written into a file by hand: in both ways none counts.

const settings = { QUALYS_PASSKEY_FOR: 'create' }
const place = { rpId: 'localhost', origin: 'http://localhost:40123' }
const anna = softwareKey()
const counting = softwareKey('EdDSA')
const removed = softwareKey()
const keys = [
  pinned(anna, { person: 'Anna', ...place }),
  pinned(counting, { person: 'Bob', counter: 7, ...place }),
]

type Signature = ReturnType<SoftwareKey['assert']>

/** A call that waits for a passkey, on a server with these keys; one more key was pinned and removed. */
async function askForPasskey(sandbox: Parameters<typeof openLocalServer>[0], title: string) {
  const stateDir = stateFolderWith(...keys, pinned(removed, { person: 'Anna', ...place }))
  const server = await openLocalServer(sandbox, 'legacy', { capabilities: {}, stateDir, settings })
  const target = await askFor(server, title)
  expect((await openByLink(server, target.code)).options.allowCredentials).toHaveLength(3)
  pinKeys(stateDir, ...keys)
  return { server, target, page: await openByLink(server, target.code) }
}

const byPasskey = (assertion: unknown, more: Partial<Approval> = {}): Approval => ({
  way: 'page',
  by: 'passkey',
  passkey: { credentialId: anna.credentialId, assertion: assertion as Record<string, unknown> },
  at: Date.now(),
  ...more,
})

/** A signature, sent to the page and written by hand. */
function* inBothWays(
  { stateDir }: LocalServer,
  { file }: Target,
  page: SigningPage,
  signatures: Iterable<readonly [string, unknown]>,
): Generator<Forgery> {
  for (const [name, assertion] of signatures) {
    yield [
      `${name}, on the page`,
      async () => {
        const { status, body } = await sendSignature(page, assertion)
        expect([status, body], name).toEqual([403, expect.stringMatching(/^{"error":"[^"]+/)])
      },
    ]
    yield [`${name}, by hand`, () => writeFile(stateDir, approvedFile(file, byPasskey(assertion)))]
  }
}

/** The good signature, once the bad ones were refused. */
async function approveWith(key: SoftwareKey, { callAgain }: Target, page: SigningPage, more: Ceremony = {}) {
  expect((await sendSignature(page, signatureOn(page, key, more))).body).toBe('{"state":"approved"}')
  expect((await callAgain()).isError).toBe(false)
}

describe('a signature', () => {
  test('of keys that do not count: 0 requests', async ({ sandbox }) => {
    const { server, target, page } = await askForPasskey(sandbox, 'keys')
    const strangers = (['ES256', 'EdDSA', 'RS256'] as const).flatMap((algorithm) => [
      [`a stranger, ${algorithm}`, softwareKey(algorithm)] as const,
      // It says that it is the pinned one.
      [
        `under the name of a pinned key, ${algorithm}`,
        softwareKey(algorithm, Buffer.from(anna.credentialId, 'base64url')),
      ] as const,
    ])
    const signatures = [...strangers, ['removed', removed] as const].map(
      ([name, key]) => [name, signatureOn(page, key)] as const,
    )
    expect(await tryAll(server, target, inBothWays(server, target, page, signatures))).toBe(14)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    await approveWith(anna, target, page)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('of another record, page, name or person: 0 requests', async ({ sandbox }) => {
    const { server, target, page } = await askForPasskey(sandbox, 'lies')
    const { digest, record } = target.file
    const { port } = new URL(page.origin)
    const other = (await askFor(server, 'another')).file.digest
    const challenges = [other, record.arguments, record.preview, '0'.repeat(64), digest.toUpperCase()]
    const origins = [
      `http://localhost:${Number(port) + 1}`,
      'http://localhost',
      `https://localhost:${port}`,
      `http://127.0.0.1:${port}`,
      `http://[::1]:${port}`,
      `http://LOCALHOST:${port}`,
      `http://localhost.:${port}`,
      `${page.origin}/`,
      `${page.origin}.evil.example`,
      'https://evil.example',
      'null',
      '',
    ]
    const lies: readonly Ceremony[] = [
      ...challenges.map((one) => ({ challenge: challengeOf(one.toLowerCase() === digest ? other : one) })),
      { challenge: Buffer.from(digest).toString('base64url') },
      { challenge: digest },
      { challenge: `${page.options.challenge}=` },
      { challenge: '' },
      ...origins.map((origin) => ({ origin })),
      ...['127.0.0.1', 'localhost.', 'LOCALHOST', 'host', 'example.com', page.origin].map((rpId) => ({
        rpId,
      })),
      { flags: 0 },
      { flags: flag.present },
      { flags: flag.verified },
      { flags: flag.present | flag.backedUp | flag.backupEligible },
      ...[
        { type: 'webauthn.create' },
        { type: 'payment.get' },
        { type: undefined },
        { crossOrigin: true },
        { topOrigin: 'https://evil.example' },
        { origin: [page.origin] },
        { challenge: [page.options.challenge] },
      ].map((clientData) => ({ clientData })),
    ]
    const signatures = lies.map((lie) => [JSON.stringify(lie), signatureOn(page, anna, lie)] as const)
    expect(await tryAll(server, target, inBothWays(server, target, page, signatures))).toBe(2 * lies.length)
    expect(lies.length).toBeGreaterThan(35)
    const elsewhere: readonly Forgery[] = [
      [
        'Bob signed it, and Anna is named',
        () => byHand(signatureOn(page, counting, { counter: 8 }), { person: 'Anna' }),
      ],
      [
        'Anna signed it, and nobody known is named',
        () => byHand(signatureOn(page, anna), { person: 'anna ' }),
      ],
      ['in a terminal', () => byHand(signatureOn(page, anna), { way: 'terminal' })],
      ['with the page key beside it', () => byHand(signatureOn(page, anna), { by: 'page key' })],
      ['by a login', () => byHand(signatureOn(page, anna), { by: 'login', person: 'Anna' })],
      ['without the signature', () => byHand(signatureOn(page, anna), { passkey: undefined as never })],
    ]
    const byHand = (assertion: Signature, more: Partial<Approval>): void =>
      writeFile(server.stateDir, approvedFile(target.file, byPasskey(assertion, more)))
    expect(await tryAll(server, target, elsewhere)).toBe(6)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    // Written by hand, a good signature counts as well: the key says yes, and not the folder.
    byHand(signatureOn(page, anna), { person: 'Anna' })
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('with a counter that went back: 0 requests', async ({ sandbox }) => {
    const { server, target, page } = await askForPasskey(sandbox, 'counters')
    const signatures = [7, 6, 1, 0].map(
      (counter) => [`counter ${counter}`, signatureOn(page, counting, { counter })] as const,
    )
    expect(await tryAll(server, target, inBothWays(server, target, page, signatures))).toBe(8)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    await approveWith(counting, target, page, { counter: 8 })
    const next = await askFor(server, 'counters again')
    const nextPage = await openByLink(server, next.code)
    for (const counter of [8, 7, 0]) {
      const { body } = await sendSignature(nextPage, signatureOn(nextPage, counting, { counter }))
      expect(body).toContain(`The counter of the passkey stands at ${counter}, but 8 was seen before`)
    }
    expect((await next.callAgain()).isError).toBe(true)
    await approveWith(counting, next, nextPage, { counter: 9 })
    for (const { title } of [target, next]) expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('that was changed in some bytes, or is none: 0 requests', async ({ sandbox }) => {
    const { server, target, page } = await askForPasskey(sandbox, 'bytes')
    const good = signatureOn(page, anna)
    const random = new SeededRandom(26)
    const flipped = (text: string): string => {
      const bytes = Buffer.from(text, 'base64url')
      const at = random.below(bytes.length)
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.below(8)), at)
      return bytes.toString('base64url')
    }
    const parts = ['clientDataJSON', 'authenticatorData', 'signature'] as const
    const { response } = good
    const other = signatureOn(await openByLink(server, (await askFor(server, 'other bytes')).code), anna)
    const signatures: (readonly [string, unknown])[] = [
      ...random.times(40, () => {
        const part = random.of(parts)
        return [
          `a bit of ${part}`,
          { ...good, response: { ...response, [part]: flipped(response[part]) } },
        ] as const
      }),
      ...parts.flatMap((part) => [
        [`no ${part}`, { ...good, response: { ...response, [part]: undefined } }] as const,
        [`an empty ${part}`, { ...good, response: { ...response, [part]: '' } }] as const,
        [`${part} of another`, { ...good, response: { ...response, [part]: other.response[part] } }] as const,
        [
          `a cut ${part}`,
          { ...good, response: { ...response, [part]: response[part].slice(0, -4) } },
        ] as const,
      ]),
      ['another id', { ...good, id: counting.credentialId, rawId: counting.credentialId }],
      ['two ids', { ...good, rawId: counting.credentialId }],
      ['no response', { ...good, response: undefined }],
      ['nothing', {}],
    ]
    // The authenticator data of two requests of a page are the same.
    const bad = signatures.filter(([name]) => name !== 'authenticatorData of another')
    expect(await tryAll(server, target, inBothWays(server, target, page, bad))).toBe(2 * 55)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    await approveWith(anna, target, page)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('that was used is none for the next identical call: 0 further requests', async ({ sandbox }) => {
    const { server, target, page } = await askForPasskey(sandbox, 'replayed')
    const used = signatureOn(page, anna)
    await approveWith(anna, target, page)
    const next = await askFor(server, target.title)
    const nextPage = await openByLink(server, next.code)
    const replays: readonly Forgery[] = [
      ['to its old page', async () => expect((await sendSignature(page, used)).status).not.toBe(200)],
      ['to the next page', async () => expect((await sendSignature(nextPage, used)).status).toBe(403)],
      ['with the form of the old page', () => sendSignature({ ...nextPage, fields: page.fields }, used)],
      ['as a file', () => writeFile(server.stateDir, approvedFile(next.file, byPasskey(used)))],
      ['as its own file', () => writeFile(server.stateDir, approvedFile(target.file, byPasskey(used)))],
    ]
    expect(await tryAll(server, next, replays)).toBe(5)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })
})

test('a passkey that is removed between the yes and the request: 0 requests', async ({ sandbox }) => {
  const { server, target, page } = await askForPasskey(sandbox, 'removed late')
  expect((await sendSignature(page, signatureOn(page, anna))).status).toBe(200)
  pinKeys(server.stateDir, ...keys.slice(1))
  const { text } = await target.callAgain()
  expect(text).toMatch(
    /^This passkey is not in the file of passkeys, or was removed from it: .* Nothing was sent\./,
  )
  expect(await sentWith(sandbox, target.title)).toBe(0)
  // It waits again, for a key that counts.
  expect((await signByLink(server, target.code, counting, { counter: 8 })).status).toBe(200)
  expect((await target.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, target.title)).toBe(1)
})

test('the page key is no passkey, and the reply says so', async ({ sandbox }) => {
  const { server, target } = await askForPasskey(sandbox, 'key alone')
  const { status, body } = await decideWithKey(server, target.code)
  expect([status, body]).toEqual([
    403,
    expect.stringContaining('Only a passkey counts as a yes to this request.'),
  ])
  const { text } = await target.callAgain()
  expect(text).toContain('(only a passkey on the approval page counts)')
  expect(await sentWith(sandbox, target.title)).toBe(0)
  await signByLink(server, codeIn({ text }), anna)
  expect((await target.callAgain()).isError).toBe(false)
})
