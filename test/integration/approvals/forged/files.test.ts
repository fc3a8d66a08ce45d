import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { ApprovalRecord } from '../../../../src/tools/approvals.ts'
import { digestOf } from '../../../../src/tools/effects/approval/approval-record.ts'
import type { StoredCall } from '../../../../src/tools/effects/approval/pending/stored-call.ts'
import { SeededRandom } from '../../../nightly/fuzz/seeded-random.ts'
import { openLocalServer } from '../../../support/approvals/local-server.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { temporaryFolder } from '../../../support/consent/raw-client.ts'
import { approvedFile, pathOf, writeFile } from '../../../support/forged/approved-files.ts'
import { askFor, type Forgery, sentWith, tryAll } from '../../../support/forged/attacks.ts'

// Approved files that somebody writes by hand for a call that waits. Over stdio the person is whoever may write the state
// folder, so the file that is right in every part counts; each test ends with that one.

type Members = Readonly<Record<string, unknown>>

/** A value in the place of another one, of the same kind or not. */
const replacements: readonly ((value: unknown, other: unknown, random: SeededRandom) => unknown)[] = [
  (_, other) => other,
  () => undefined,
  () => null,
  () => '',
  () => 0,
  () => [],
  (value, _, random) => {
    const text = String(value)
    const at = random.below(text.length)
    return `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`
  },
  (value) => String(value).toUpperCase().replace(/^\d+$/, '2'),
  (value) => `${value} `,
]

/** The record with one member replaced in each way; without those that replace nothing. */
function* changedRecords(
  record: ApprovalRecord,
  other: ApprovalRecord,
  random: SeededRandom,
): Generator<readonly [string, ApprovalRecord]> {
  for (const name of Object.keys(record) as (keyof ApprovalRecord)[])
    for (const [at, replace] of replacements.entries()) {
      const changed = { ...record, [name]: replace(record[name], other[name], random) }
      if (JSON.stringify(changed) !== JSON.stringify(record)) yield [`${name}, change ${at}`, changed]
    }
}

const withMembers = (call: StoredCall, more: Members): Members => ({ ...call, ...more })

const minutes = (time: string, by: number): string => new Date(Date.parse(time) + by * 60_000).toISOString()

/** Calls with this record whose digest and name fit it. */
const fitting = (call: StoredCall, record: ApprovalRecord): StoredCall => ({
  ...call,
  record,
  digest: digestOf(record),
})

describe('a file that somebody wrote by hand', () => {
  test('with a record that was changed in one place: 0 requests', async ({ sandbox }) => {
    const random = new SeededRandom(23)
    const server = await openLocalServer(sandbox, 'legacy', { capabilities: {} })
    const target = await askFor(server, 'changed record')
    const { record: other } = (await askFor(server, 'another call')).file
    const right = approvedFile(target.file)
    const forgeries = function* (): Generator<Forgery> {
      for (const [name, record] of changedRecords(right.record, other, random)) {
        const changed = { ...right, record }
        yield [`${name}, under its old digest`, () => writeFile(server.stateDir, changed)]
        // Another record of the same call is good, by whoever wrote it.
        if (/^(?:id|asked|until),/.test(name)) continue
        yield [`${name}, under its own digest`, () => writeFile(server.stateDir, fitting(changed, record))]
      }
    }
    expect(await tryAll(server, target, forgeries())).toBeGreaterThan(150)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    writeFile(server.stateDir, right)
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('with a record whose time is over or has not come: 0 requests', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'modern', { capabilities: {} })
    const target = await askFor(server, 'other times')
    const right = approvedFile(target.file)
    const { asked, until } = right.record
    const times: readonly Partial<ApprovalRecord>[] = [
      { asked: minutes(asked, -10) },
      { asked: minutes(asked, -60), until: minutes(until, 60 * 24 * 365) },
      { asked: minutes(asked, 11), until: minutes(until, 11) },
      { until: minutes(asked, -1) },
      { until: asked },
      { asked: asked.replace('Z', '+00:00') },
      { until: until.replace(/\.\d+Z/, 'Z') },
      { asked: '9999-12-31T23:59:59.999Z', until: '9999-12-31T23:59:59.999Z' },
    ]
    const forgeries = times.map(
      (more): Forgery => [
        JSON.stringify(more),
        () => writeFile(server.stateDir, fitting(right, { ...right.record, ...more })),
      ],
    )
    expect(await tryAll(server, target, forgeries)).toBe(8)
    writeFile(server.stateDir, right)
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('whose form is not the one of the program: 0 requests', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'legacy', { capabilities: {} })
    const target = await askFor(server, 'other form')
    const right = approvedFile(target.file)
    const { approval, digest } = right
    const text = JSON.stringify(right)
    const changes: Readonly<Record<string, Members>> = {
      'no approval': { approval: undefined },
      'a bare yes': { approval: true },
      'a text': { approval: 'yes' },
      'a list': { approval: [approval] },
      'no way': { approval: { ...approval, way: undefined } },
      'another way': { approval: { ...approval, way: 'client' } },
      'the way of a form': { approval: { ...approval, way: 'form' } },
      'no witness': { approval: { ...approval, by: undefined } },
      'another witness': { approval: { ...approval, by: 'person' } },
      'a terminal with a page': { approval: { ...approval, way: 'page' } },
      'a page with a terminal': { approval: { ...approval, by: 'page key' } },
      'a terminal with a login': { approval: { ...approval, by: 'login', person: 'Anna' } },
      'no time': { approval: { ...approval, at: undefined } },
      'a time as text': { approval: { ...approval, at: '0' } },
      'a member of an approval that nobody knows': { approval: { ...approval, approved: true } },
      'a seal that is none': { approval: { ...approval, seal: 'x' } },
      'a member that nobody knows': { approved: true },
      'another code': { code: 'ABCD-EFGI' },
      'no code': { code: undefined },
      'a digest in capitals': { digest: digest.toUpperCase() },
      'another digest': { digest: digest.replace(/^./, (first) => (first === '0' ? '1' : '0')) },
      'no digest': { digest: undefined },
      'no record': { record: undefined },
      'a record as text': { record: JSON.stringify(right.record) },
      'no preview': { preview: undefined },
      'a preview as text': { preview: 'harmless' },
      'waiters that are none': { waiters: [{}] },
      'a way that does not exist': { ways: ['anything'] },
      'a link that is none': { link: 'javascript:alert(1)' },
      'a time of the file as text': { at: String(right.at) },
      'a state of its own': { state: 'approved' },
    }
    const names = [
      `${'0'.repeat(64)}.approved`,
      `${digest}.pending`,
      `${digest}.Approved`,
      `${digest}.approved.json`,
      `${digest}.approved.new`,
      `${digest.toUpperCase()}.approved`,
      `${digest.slice(1)}.approved`,
      `${right.code}.approved`,
      'approved',
    ]
    const texts = {
      nothing: '',
      'half of it': text.slice(0, text.length / 2),
      'more behind it': `${text}x`,
      'a list of it': `[${text}]`,
      'it in quotes': JSON.stringify(text),
      'another encoding': Buffer.from(text, 'utf16le').toString('latin1'),
    }
    const random = new SeededRandom(24)
    const sealed = JSON.stringify(right.record)
    const cut = (): string => {
      const at = random.below(sealed.length)
      return text.replace(sealed, sealed.slice(0, at) + sealed.slice(at + 1 + random.below(9)))
    }
    const { stateDir } = server
    const forgeries: readonly Forgery[] = [
      ...Object.entries(changes).map(
        ([name, more]): Forgery => [
          name,
          () => writeFile(stateDir, withMembers(right, more), `${digest}.approved`),
        ],
      ),
      ...names.map((name): Forgery => [`under ${name}`, () => writeFile(stateDir, right, name)]),
      ...Object.entries(texts).map(
        ([name, content]): Forgery => [name, () => writeFile(stateDir, content, `${digest}.approved`)],
      ),
      ...random.times(40, (): Forgery => {
        const content = cut()
        return [content, () => writeFile(stateDir, content, `${digest}.approved`)]
      }),
    ]
    expect(await tryAll(server, target, forgeries)).toBe(86)
    expect(await sentWith(sandbox, target.title)).toBe(0)
    writeFile(stateDir, right)
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })

  test('that is no file of its own: 0 requests', async ({ sandbox }) => {
    const server = await openLocalServer(sandbox, 'modern', { capabilities: {} })
    const { stateDir } = server
    const target = await askFor(server, 'no file')
    const right = approvedFile(target.file)
    const elsewhere = temporaryFolder()
    writeFile(elsewhere, right)
    const path = pathOf(stateDir, right.digest)
    const real = pathOf(elsewhere, right.digest)
    const forgeries: readonly Forgery[] = [
      ['a symbolic link', () => symlinkSync(real, path)],
      ['a link to nothing', () => symlinkSync(join(elsewhere, 'nothing'), path)],
      ['a link to its own pending file', () => symlinkSync(pathOf(stateDir, right.digest, 'pending'), path)],
      ['a folder', () => mkdirSync(path)],
    ]
    expect(await tryAll(server, target, forgeries)).toBe(4)
    writeFile(stateDir, right)
    expect((await target.callAgain()).isError).toBe(false)
    expect(await sentWith(sandbox, target.title)).toBe(1)
  })
})
