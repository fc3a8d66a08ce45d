import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { digestOf, hashOfJson, newRecord } from '../../../src/tools/effects/approval/approval-record.ts'
import { approvedFacts } from '../../../src/tools/effects/audit/approved-facts.ts'
import { maxLineBytes } from '../../../src/tools/effects/audit/audit-line.ts'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import type { PreparedCall } from '../../../src/tools/effects/prepare/inspection.ts'
import { labelled, type PreviewFacts, type PreviewTable } from '../../../src/tools/effects/preview/preview.ts'
import { sealedFacts } from '../../../src/tools/effects/preview/sealed.ts'

// What a line of the audit log holds of an approval: ids whatever their number, and the preview as far as it has room.

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-approved-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const plain = (text: string): string => text
const bySettings = { approvedBy: 'settings' }
const short: PreviewFacts = {
  headline: 'Block hosts (create): 2 hosts',
  warnings: [],
  blocks: [
    labelled('script 7', 'Restart'),
    { text: 'active', depth: 1 },
    { label: 'hosts', columns: ['id', 'name'], rows: [['1', 'a"\n\u202e\ud800']] },
  ],
}

function prepared(facts: PreviewFacts, hosts: readonly string[], args: object = {}): PreparedCall {
  const record = newRecord({
    ...{ server: 's', account: 'host somebody', platform: 'EU2', caller: 'stdio' },
    ...{ tool: 'car_block_assets', effect: 'create', arguments: hashOfJson(args) },
    preview: hashOfJson(sealedFacts(facts)),
  })
  const targets = {
    product: 'car',
    named: { product: 'car' },
    assets: hosts.map((id) => ({ id })),
    ...{ scripts: [], schedules: [], tags: [{ id: '9' }], excludedAssets: [], activeSchedules: [] },
  }
  const preview = { facts, notes: [] }
  const digest = digestOf(record)
  return { effect: 'create', targets, args, preview, record, digest } as unknown as PreparedCall
}

interface Written {
  readonly event: string
  readonly cutFrom?: number
  readonly facts: Readonly<Record<string, unknown>> & { readonly targets?: { readonly hosts?: string[] } }
}

/** The lines of an approval in a real log. */
function write(call: PreparedCall, args: object = call.args): Written[] {
  const log = new AuditLog({ path, redact: plain })
  const { targets, approved } = approvedFacts(call, { ...args }, bySettings, plain)
  const same = { tool: 'car_block_assets', call: '0123456789abcdef' }
  for (const page of targets) log.record('targets', { ...same, ...page })
  log.record('approved', { ...same, ...approved })
  log.close()
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThan(maxLineBytes)
  return lines
    .map((line): Written => JSON.parse(line))
    .filter(({ event }) => event === 'targets' || event === 'approved')
}

const manyLines = Array.from({ length: 4_000 }, (_, at) => labelled(`line ${at}`, 'x'.repeat(70)))
const ids = (count: number, digits = 19): string[] =>
  Array.from({ length: count }, (_, at) => String(at).padStart(digits, '1'))

test('a short preview is whole, and its hash and digest follow from the line', async () => {
  const call = prepared(short, ['1', '2'])
  const [approved, ...others] = write(call)
  expect(others).toEqual([])
  expect(approved?.facts).toMatchObject({
    ...{ by: 'settings', digest: call.digest, record: { preview: hashOfJson(short) } },
    ...{ counts: { hosts: 2, tags: 1 }, targets: { hosts: ['1', '2'], tags: ['9'] }, shown: short },
  })
  expect(Object.keys(approved?.facts ?? {})).not.toContain('linesLeftOut')
  expect((await verifyAudit(path)).ok).toBe(true)
})

describe('every id is there', () => {
  test.each([
    ['1,000 of 19 digits', 1_000, 1],
    ['2,000', 2_000, 2],
    ['50,000', 50_000, 45],
  ])('%s, beside a preview that has no room', async (_what, count, lines) => {
    const rows = { label: 'hosts', columns: ['name'], rows: ids(count).map((id) => [`host ${id}`]) }
    const facts = { headline: 'Block hosts', warnings: ['Mind.'], blocks: [rows, ...manyLines] }
    const written = write(prepared(facts, ids(count), { name: 'y'.repeat(100_000) }), { other: 1 })
    expect(written.map(({ event }) => event)).toEqual([...Array(lines - 1).fill('targets'), 'approved'])
    expect(written.flatMap(({ facts }) => facts.targets?.hosts ?? [])).toEqual(ids(count))
    expect(written.filter(({ cutFrom }) => cutFrom !== undefined)).toEqual([])
    const { counts, shown, linesLeftOut, sends } = written.at(-1)?.facts ?? {}
    expect(counts).toMatchObject({ hosts: count })
    expect(sends).toMatchObject({ name: expect.stringMatching(/cut, 100000 characters/) })
    // Lines of other kinds are shown though the list of hosts has no room.
    expect(shown).toMatchObject({
      headline: 'Block hosts',
      warnings: ['Mind.'],
      blocks: expect.arrayContaining([manyLines[0]]),
    })
    expect(linesLeftOut).toBeGreaterThan(3_000)
    expect((await verifyAudit(path)).ok).toBe(true)
  })
})

describe('a preview that has no room', () => {
  const wide = 'x'.repeat(100)
  const shownOf = (blocks: PreviewFacts['blocks']): Readonly<Record<string, unknown>> =>
    write(prepared({ ...short, blocks }, ['1'])).at(-1)?.facts ?? {}

  test('keeps the first rows, each of them whole', () => {
    const rows = Array.from({ length: 2_000 }, (_, at) => [String(at), wide])
    const { shown, linesLeftOut } = shownOf([{ label: 'hosts', columns: ['id', 'name'], rows }])
    const [block] = (shown as { readonly blocks: readonly [PreviewTable] }).blocks
    expect(block).toMatchObject({ label: 'hosts', columns: ['id', 'name'] })
    expect(block.rows).toEqual(rows.slice(0, block.rows.length))
    expect(linesLeftOut).toBe(2_000 - block.rows.length)
    expect(block.rows.length).toBeGreaterThan(20)
  })

  test('keeps a value whole or not at all, and counts the lines that it would take', async () => {
    const long = labelled('description', 'y'.repeat(80 * 400))
    const { shown, linesLeftOut } = shownOf([labelled('a', '1'), long, labelled('b', '2')])
    expect((shown as PreviewFacts).blocks).toEqual([labelled('a', '1'), labelled('b', '2')])
    expect(linesLeftOut).toBe(401)
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test('says that something is left out, whatever gives way', () => {
    const blocks = Array.from({ length: 400 }, () => ({ label: wide, columns: [], rows: [] }))
    expect(shownOf(blocks)['linesLeftOut']).toBeGreaterThan(0)
  })
})

describe('what looks like a credential in the arguments', () => {
  const token = 'tr0ub4dor-c0rrect-h0rse'
  const args = { content: `password = "${token}"\nls` }

  test('is masked, in pieces too, and the line says so', async () => {
    const mask = '[masked-by-qualys-mcp]'
    const excerpt = [`  "password = ${token.slice(0, 9)}"`, `    "${token.slice(9)}"`, '  "ls"']
    const blocks = [
      { excerpt, lines: [], script: args.content },
      labelled('description', `it is ${token}`, 'other'),
      { text: `of ${token}`, depth: 1 as const },
      `of ${token}`,
      { label: 'hosts', columns: ['id', 'name'], rows: [['1', token.slice(4, 14)]] },
      labelled('account', 'a'),
    ]
    const [approved] = write(prepared({ ...short, blocks }, ['1'], args))
    expect(approved?.facts).toMatchObject({
      masked: true,
      shown: {
        blocks: [
          { excerpt: [mask, mask, '  "ls"'] },
          { label: 'description', values: [mask, 'other'] },
          { text: mask, depth: 1 },
          mask,
          { label: 'hosts', columns: ['id', 'name'], rows: [['1', mask]] },
          { label: 'account', values: ['a'] },
        ],
      },
    })
    expect(readFileSync(path, 'utf8')).not.toContain(token.slice(0, 8))
    expect((await verifyAudit(path)).ok).toBe(true)
  })

  test('and only behind its label is masked', () => {
    const blocks = [labelled('password', 'Tr0ub4dor-3', 'Tr0ub4dor-4'), labelled('title', 'Tr0ub4dor-5')]
    const [approved] = write(prepared({ ...short, blocks }, ['1']))
    const mask = '[masked-by-qualys-mcp]'
    expect(approved?.facts).toMatchObject({
      masked: true,
      shown: {
        blocks: [
          { label: 'password', values: [mask, mask] },
          { label: 'title', values: ['Tr0ub4dor-5'] },
        ],
      },
    })
  })

  test('leaves room for every id, though the masks are longer than the lines', () => {
    const blocks = Array.from({ length: 2_400 }, () => 'c0rrect-')
    const written = write(prepared({ ...short, blocks }, ids(1_000), args))
    expect(written.map(({ cutFrom }) => cutFrom)).toEqual([undefined])
    expect(written[0]?.facts.targets?.hosts).toEqual(ids(1_000))
  })
})

describe('verify finds an approval whose parts do not fit', () => {
  const [, , table] = short.blocks as readonly [unknown, unknown, PreviewTable]
  const changed = async (change: (facts: Record<string, unknown>) => object): Promise<readonly string[]> => {
    const log = new AuditLog({ path, redact: plain })
    const { approved } = approvedFacts(prepared(short, ['1']), {}, bySettings, plain)
    const facts = { tool: 'car_block_assets', ...approved }
    log.record('approved', { ...facts, ...change(facts) })
    log.close()
    return (await verifyAudit(path)).lines
  }
  test.each<readonly [string, object, string]>([
    ['another preview', { shown: { ...short, blocks: [] } }, 'its preview is not the one that was approved'],
    [
      'another cell',
      { shown: { ...short, blocks: [...short.blocks.slice(0, 2), { ...table, rows: [['1', 'b']] }] } },
      'its preview is not the one that was approved',
    ],
    [
      'another column',
      { shown: { ...short, blocks: [...short.blocks.slice(0, 2), { ...table, columns: ['id', 'b'] }] } },
      'its preview is not the one that was approved',
    ],
    ['no preview', { shown: undefined }, 'its preview is not the one that was approved'],
    ['another digest', { digest: 'f'.repeat(64) }, 'its digest is not that of its record'],
    ['another tool', { tool: 'car_unblock_assets' }, 'its record is about another call'],
    ['another effect', { effect: 'delete' }, 'its record is about another call'],
  ])('%s', async (_what, change, finding) => {
    expect(await changed(() => change)).toEqual([`line 2: ${finding}`, '1 chain, 3 lines: 1 finding'])
  })

  test('another account in the record', async () => {
    const lines = await changed(({ record }) => ({ record: { ...(record as object), account: 'other' } }))
    expect(lines[0]).toBe('line 2: its digest is not that of its record')
  })

  test('but nothing in a line of an earlier version', async () => {
    expect(await changed(() => ({ record: undefined, shown: undefined }))).toEqual([
      '1 chain, 3 lines: intact',
    ])
  })
})
