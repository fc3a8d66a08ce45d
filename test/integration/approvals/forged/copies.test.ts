import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect } from 'vitest'
import type { StoredCall } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import { type LocalOptions, openLocalServer } from '../../../support/approvals/local-server.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { temporaryFolder } from '../../../support/consent/raw-client.ts'
import {
  allFiles,
  approvedFile,
  pathOf,
  removeFiles,
  writeFile,
} from '../../../support/forged/approved-files.ts'
import {
  type Asked,
  askFor,
  type Forgery,
  sentWith,
  type Target,
  tryAll,
} from '../../../support/forged/attacks.ts'
import { openSandbox, type TestSandbox } from '../../../support/sandbox.ts'

// Approvals of other calls, and approvals that were used: copied to where a call waits, under each name that could count.

const capabilities = {}

/** Files with these calls in them, under the names of both. */
function copiesOf(stateDir: string, own: StoredCall, others: readonly StoredCall[]): Forgery[] {
  return others.flatMap((other): Forgery[] => [
    [`${other.digest} as it is`, () => writeFile(stateDir, other)],
    [`${other.digest} under our name`, () => writeFile(stateDir, other, `${own.digest}.approved`)],
    [
      `${other.digest} with our digest`,
      () => writeFile(stateDir, { ...other, digest: own.digest }, `${own.digest}.approved`),
    ],
    [
      `our call with the record of ${other.digest}`,
      () => writeFile(stateDir, { ...own, approval: other.approval, record: other.record }),
    ],
    [
      `our call with the record and digest of ${other.digest}`,
      () =>
        writeFile(stateDir, { ...own, approval: other.approval, record: other.record, digest: other.digest }),
    ],
  ])
}

/** Runs what waits, as a person approves it. */
async function runOnce({ stateDir }: Pick<Asked, 'stateDir'>, { file, callAgain }: Target): Promise<void> {
  writeFile(stateDir, approvedFile(file))
  const { isError, text } = await callAgain()
  expect(isError, text).toBe(false)
}

describe('an approval of another call', () => {
  const differences: Readonly<
    Record<string, (sandbox: TestSandbox, stateDir: string) => Promise<LocalOptions>>
  > = {
    'another state folder': async () => ({ stateDir: temporaryFolder() }),
    'another account': async (_, stateDir) => ({
      stateDir,
      settings: { QUALYS_USERNAME: 'sandbox_cd2', QUALYS_PASSWORD: 'sandbox2' },
    }),
    'another platform': async (_, stateDir) => {
      const { gatewayUrl, apiUrl } = await openSandbox({ jobs: 1 })
      return { stateDir, settings: { QUALYS_GATEWAY_URL: gatewayUrl, QUALYS_API_URL: apiUrl } }
    },
  }

  test.for(Object.entries(differences))('of %s: 0 requests', async ([name, differ], { sandbox }) => {
    const server = await openLocalServer(sandbox, 'legacy', { capabilities })
    const differing = await differ(sandbox, server.stateDir)
    const other = await openLocalServer(sandbox, 'modern', { capabilities, ...differing })
    const title = `copied from ${name}`
    for (const [one, two] of [
      [server, other],
      [other, server],
    ] as const) {
      const [target, theirs] = [await askFor(one, title), await askFor(two, title)]
      const sent = await sentWith(sandbox, title)
      const forgeries = copiesOf(one.stateDir, target.file, [approvedFile(theirs.file)])
      expect(await tryAll(one, target, forgeries)).toBe(5)
      expect(await sentWith(sandbox, title)).toBe(sent)
      removeFiles(two.stateDir)
    }
    await runOnce(server, await askFor(server, title))
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('with other arguments, or of another tool: 0 requests', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'legacy', { capabilities })
    const target = await askFor(server, 'one title')
    const titles = ['one titlf', 'One title', 'one title ', 'one', '61179', 'another']
    const others = []
    for (const title of titles) others.push(approvedFile((await askFor(server, title)).file))
    expect(await tryAll(server, target, copiesOf(server.stateDir, target.file, others))).toBe(30)
    const script = { scriptId: 61179, title: target.title }
    expect((await server.client.call('car_update_script', script)).isError).toBe(true)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    await runOnce(server, target)
    // An approval of the same title with another tool.
    writeFile(server.stateDir, approvedFile((await askFor(server, 'one titlf')).file))
    expect((await server.client.call('car_update_script', { ...script, title: 'one titlf' })).isError).toBe(
      true,
    )
    expect(await sentWith(sandbox, target.title)).toBe(1)
    expect(await sentWith(sandbox, 'one titlf')).toBe(0)
  })
})

describe('an approval that was used', () => {
  test('restored under its own name and others: 0 further requests', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'modern', { capabilities })
    const { stateDir } = server
    const random = new SeededRandom(25)
    let count = 0
    for (const title of ['used once', 'used twice', 'used thrice']) {
      const target = await askFor(server, title)
      const approved = approvedFile(target.file)
      await runOnce(server, target)
      const [used = ''] = [...allFiles(stateDir).values()]
      const next = await askFor(server, title)
      const forgeries: Forgery[] = [
        ['the file as it was', () => writeFile(stateDir, approved)],
        ['the file of its use', () => writeFile(stateDir, used, `${approved.digest}.approved`)],
        ['as a call that waits', () => writeFile(stateDir, approved, `${approved.digest}.pending`)],
        [
          'as a call that waits, and approved',
          () => {
            writeFile(stateDir, approved, `${approved.digest}.pending`)
            writeFile(stateDir, approved)
          },
        ],
        ['under the next name', () => writeFile(stateDir, approved, `${next.file.digest}.approved`)],
        ...copiesOf(stateDir, next.file, [approved]),
        ...random.times(10, (): Forgery => {
          const call = { ...approved, at: approved.at - random.below(600_000), code: next.code }
          return ['with another time and code', () => writeFile(stateDir, call)]
        }),
      ]
      // Also where the mark of its use was removed: this process knows it.
      count += await tryAll(server, next, forgeries)
      expect(await sentWith(sandbox, title)).toBe(1)
      // A second yes is a second request, which Qualys refuses for its title.
      writeFile(stateDir, approvedFile(next.file))
      expect((await next.callAgain()).text).toMatch(/^Qualys refuses the request/)
      expect(await sentWith(sandbox, title)).toBe(2)
      removeFiles(stateDir)
    }
    expect(count).toBe(60)
  })

  test('restored for another process of the same folder: 0 further requests', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'legacy', { capabilities })
    const { stateDir } = server
    const title = 'used by another process'
    const target = await askFor(server, title)
    await runOnce(server, target)
    const approved = approvedFile(target.file)
    const other = await openLocalServer(sandbox, 'modern', { capabilities, stateDir })
    const moved = temporaryFolder()
    for (const [name, place] of [
      ['there', stateDir],
      ['in a folder of its own', moved],
    ] as const) {
      const path = pathOf(place, approved.digest)
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      writeFile(place, approved, basename(path))
      const again =
        place === stateDir
          ? other
          : await openLocalServer(sandbox, 'modern', { capabilities, stateDir: place })
      const { isError } = await again.client.call('car_clone_script', { scriptId: 61179, title })
      expect(isError, name).toBe(true)
    }
    copyFileSync(pathOf(moved, approved.digest), pathOf(stateDir, approved.digest))
    expect((await target.callAgain()).isError).toBe(true)
    expect(await sentWith(sandbox, title)).toBe(1)
  })
})
