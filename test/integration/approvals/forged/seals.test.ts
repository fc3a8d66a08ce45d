import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { sealApproval } from '../../../../src/tools/effects/approval/approval-seal.ts'
import { approveCall } from '../../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Approval, StoredCall } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import { approveCode, inTerminal, onPage } from '../../../support/approvals/decisions.ts'
import { decideWithKey } from '../../../support/approvals/local-person.ts'
import { noWait, openLocalServer, stateFolderWith } from '../../../support/approvals/local-server.ts'
import { approvedFile, pathOf, removeFiles, writeFile } from '../../../support/forged/approved-files.ts'
import {
  type Asked,
  askFor,
  clone,
  cloneOf,
  type Forgery,
  sentWith,
  tryAll,
} from '../../../support/forged/attacks.ts'
import { pinned, softwareKey } from '../../../support/passkeys/software-key.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import type { TestService } from '../../../support/service/service.ts'
import { browserOf, decide, pageOrigin, pageSettings, people } from '../../../support/service-page/page.ts'
import { sign } from '../../../support/service-page/signing.ts'

// Approvals in the state folder of a service: only what its own page sealed counts, for exactly one call of one caller.

const test = serviceTestOn()

const callers = { ...people, bob: { role: 'operator', person: 'Bob' } } as const
const page = { callers, settings: pageSettings, callTimes: noWait }

const asked = (service: TestService, name: string): Asked => ({
  client: service.client(name),
  stateDir: service.folder,
})

/** The approved file of a call that Eve approved on the page. */
async function approvedByEve(service: TestService, { code, digest }: StoredCall): Promise<StoredCall> {
  expect((await decide(await browserOf(service, 'eve'), code, 'approve')).status).toBe(200)
  const approved = JSON.parse(readFileSync(pathOf(service.folder, digest), 'utf8')) as StoredCall
  removeFiles(service.folder, 'approved')
  return approved
}

describe('an approval of the page of a service', () => {
  test('that was changed in one place, or that another program wrote: 0 requests', async ({
    serve,
    sandbox,
  }) => {
    const service = await serve(page)
    const ada = asked(service, 'ada')
    const target = await askFor(ada, 'sealed')
    const right = await approvedByEve(service, target.file)
    const { approval } = right
    if (!approval) throw new Error('The page stored no approval.')
    expect(approval).toMatchObject({ way: 'page', by: 'login', person: 'Eve', seal: expect.any(String) })
    const { seal = '', ...unsealed } = approval
    const random = new SeededRandom(28)
    const other = await approvedByEve(service, (await askFor(ada, 'sealed too')).file)
    const approvals: Readonly<Record<string, Approval>> = {
      'no seal': unsealed,
      'an empty seal': { ...approval, seal: '' },
      'a seal of zeros': { ...approval, seal: '0'.repeat(64) },
      'a seal in capitals': { ...approval, seal: seal.toUpperCase() },
      'half a seal': { ...approval, seal: seal.slice(0, 32) },
      'the seal of another key': sealApproval(randomBytes(32), right.digest, unsealed),
      'the seal of an empty key': sealApproval(Buffer.alloc(32), right.digest, unsealed),
      'the seal of another call': { ...approval, seal: other.approval?.seal },
      'the approval of another call': { ...(other.approval as Approval) },
      'another person': { ...approval, person: 'Ada' },
      'another spelling': { ...approval, person: 'eve' },
      nobody: { ...approval, person: undefined as never },
      'another time': { ...approval, at: approval.at + 1 },
      'a page key': { ...approval, by: 'page key' },
      'a passkey': { ...approval, by: 'passkey' },
      'a terminal': { ...approval, way: 'terminal', by: 'terminal' },
      'a terminal with a login': { ...approval, way: 'terminal' },
      'a passkey beside it': { ...approval, passkey: { credentialId: 'AAAA', assertion: {} } },
      'a terminal alone': inTerminal(),
      'a page key alone': onPage(),
    }
    const changed = (): string => {
      const at = random.below(seal.length)
      return `${seal.slice(0, at)}${seal[at] === '0' ? '1' : '0'}${seal.slice(at + 1)}`
    }
    const forgeries: Forgery[] = [
      ...Object.entries(approvals).map(
        ([name, one]): Forgery => [name, () => writeFile(service.folder, { ...right, approval: one })],
      ),
      ...random.times(20, (): Forgery => {
        const one = changed()
        return [
          `the seal ${one}`,
          () => writeFile(service.folder, { ...right, approval: { ...approval, seal: one } }),
        ]
      }),
    ]
    expect(await tryAll(ada, target, forgeries)).toBe(40)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    writeFile(service.folder, right)
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('for the identical call of another caller, or of a server over stdio: 0 requests', async ({
    serve,
    sandbox,
  }) => {
    const service = await serve(page)
    const title = 'of several callers'
    const local = await openLocalServer(sandbox, 'legacy', { capabilities: {}, stateDir: service.folder })
    const servers: readonly Asked[] = [asked(service, 'ada'), asked(service, 'bob'), local]
    const targets = []
    for (const server of servers) targets.push(await askFor(server, title))
    const [ada, bob, stdio] = targets
    if (!ada || !bob || !stdio) throw new Error('One of three calls does not wait.')
    expect(new Set(targets.map(({ file }) => file.digest)).size).toBe(3)
    const right = await approvedByEve(service, ada.file)
    const { folder } = service
    for (const [server, target] of [
      [servers[1], bob],
      [servers[2], stdio],
    ] as const) {
      const forgeries: Forgery[] = [
        ['as it is', () => writeFile(folder, right)],
        ['under the other name', () => writeFile(folder, right, `${target.file.digest}.approved`)],
        [
          'with the record of the other',
          () => writeFile(folder, { ...target.file, record: right.record, approval: right.approval }),
        ],
        ['with the digest of the other', () => writeFile(folder, { ...right, digest: target.file.digest })],
        [
          'with its caller changed',
          () =>
            writeFile(folder, { ...right, record: { ...right.record, caller: target.file.record.caller } }),
        ],
        [
          'with the waiters of both',
          () => writeFile(folder, { ...right, waiters: [...right.waiters, ...target.file.waiters] }),
        ],
      ]
      expect(await tryAll(server as Asked, target, forgeries)).toBe(6)
    }
    // The seal of one record is none for another. Over stdio nobody seals: there the file itself counts.
    const copied: Forgery = [
      'the approval alone',
      () => writeFile(folder, { ...bob.file, approval: right.approval }),
    ]
    expect(await tryAll(servers[1] as Asked, bob, [copied])).toBe(1)
    // The page of this machine shows the calls of the service, and its key decides none of them.
    const byKey: Forgery = [
      'the page key of a server over stdio',
      async () => {
        const { status, body } = await decideWithKey(local, bob.code)
        expect([status, body]).toEqual([
          403,
          expect.stringContaining('only the page of that service decides it'),
        ])
      },
    ]
    const unsealed: Forgery = [
      'what that page would write',
      () => approveCall(folder, bob.file.digest, onPage()),
    ]
    expect(await tryAll(servers[1] as Asked, bob, [byKey, unsealed])).toBe(2)
    expect(await sentWith(sandbox, title)).toBe(0)
    writeFile(folder, right)
    expect((await ada.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('by a terminal, where the page alone counts: 0 requests, and the reply says which way was tried', async ({
    serve,
    sandbox,
  }) => {
    const service = await serve(page)
    const target = await askFor(asked(service, 'ada'), 'by a terminal')
    expect(approveCode(service.folder, target.code)).toBe(true)
    expect((await target.callAgain()).text).toMatch(
      /^It was approved in a terminal, but only the approval page counts\. Nothing was sent\. Ask the person to open https:\/\/mcp\.example\.com\/approve\//,
    )
    expect(await sentWith(sandbox, target.title)).toBe(0)
  })

  test('after a restart counts once, and after another password not at all', async ({ serve, sandbox }) => {
    const service = await serve(page)
    const target = await askFor(asked(service, 'ada'), 'restarted')
    const right = await approvedByEve(service, target.file)
    await service.close()
    rmSync(join(service.folder, 'callers.json'))
    const settings = { ...page.settings, QUALYS_PASSWORD: 'another password' }
    const other = await serve({ ...page, settings, folder: service.folder })
    writeFile(service.folder, right)
    const refused = await asked(other, 'ada').client.call(clone, cloneOf(target.title))
    expect(refused.isError).toBe(true)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    await other.close()
    rmSync(join(service.folder, 'callers.json'))
    const again = await serve({ ...page, folder: service.folder })
    writeFile(service.folder, right)
    const next = { ...target, callAgain: () => asked(again, 'ada').client.call(clone, cloneOf(target.title)) }
    expect((await next.callAgain()).isError).toBe(false)
    writeFile(service.folder, right)
    expect((await next.callAgain()).isError).toBe(true)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })
})

test('a good signature that the page did not seal: 0 requests', async ({ serve, sandbox }) => {
  const key = softwareKey()
  const rpId = 'mcp.example.com'
  const folder = stateFolderWith(pinned(key, { person: 'Eve', rpId, origin: pageOrigin }))
  const settings = { ...pageSettings, QUALYS_PASSKEY_FOR: 'create' }
  const service = await serve({ ...page, settings, folder })
  const ada = asked(service, 'ada')
  const target = await askFor(ada, 'unsealed signature')
  const challenge = Buffer.from(target.file.digest, 'hex').toString('base64url')
  const assertion = key.assert({ challenge, origin: pageOrigin, rpId }) as unknown as Record<string, unknown>
  const passkey = { credentialId: key.credentialId, assertion }
  const approval: Approval = { way: 'page', by: 'passkey', person: 'Eve', passkey, at: Date.now() }
  const forged = (more: Partial<Approval>): Forgery => [
    JSON.stringify(more),
    () => writeFile(folder, approvedFile(target.file, { ...approval, ...more })),
  ]
  const forgeries = [
    forged({}),
    forged({ way: 'terminal' }),
    forged({ person: undefined as never }),
    forged({ seal: '0'.repeat(64) }),
    forged({ by: 'login' }),
    forged({ way: 'terminal', by: 'terminal' }),
  ]
  expect(await tryAll(ada, target, forgeries)).toBe(6)
  expect(await sentWith(sandbox, target.title)).toBe(0)
  expect((await sign(service, await browserOf(service, 'eve'), target.code, key)).status).toBe(200)
  expect((await target.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, target.title)).toBe(1)
})
