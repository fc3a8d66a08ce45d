import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { describe, expect, vi } from 'vitest'
import { processEnvironment } from '../../support/command-line/program.ts'
import { filesEndingWith } from '../../support/exports/exporter.ts'
import {
  exportArguments,
  exportedIds,
  test as onCut,
  path,
  route,
  settingsOn,
} from '../../support/exports/interrupted.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'
import { program } from '../../support/stdio/peers.ts'

// The files of an export when the process is killed or the disk is full, and that another call resumes after them.
// The shell's limit on the size of files simulates the full disk.

interface Refused {
  readonly code: number | null
  readonly error: { readonly kind: string; readonly message: string; readonly next: string }
}

const test = onCut.extend<{
  /** Exports in a process of its own, with this limit in blocks of 1 KiB. */
  readonly exportWithin: (blocks: number, args: object) => Promise<Refused>
}>({
  exportWithin: async ({ sandbox, folder }, use) =>
    use(async (blocks, args) => {
      const env = processEnvironment({ ...settingsOn(sandbox), QUALYS_EXPORT_DIR: folder })
      const command = ['-c', `ulimit -f ${blocks}; exec "$0" "$@"`, process.execPath, program]
      const given = ['call', 'qualys_export', JSON.stringify(args), '--json']
      const child = spawn('bash', [...command, ...given], { env: { PATH: '/usr/bin:/bin', ...env } })
      const [out, complaint, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ])
      if (out === '') throw new Error(`nothing was printed: ${complaint}`)
      return { code, ...JSON.parse(out) }
    }),
})

describe.for(['csv', 'jsonl'] as const)('%s', (format) => {
  test('killed: rows written after the saved state are not duplicated', async ({
    sandbox,
    folder,
    open,
    onlyFile,
    readState,
    ageState,
    allIds,
    onTestFinished,
  }) => {
    const held = await openHoldingGateway(sandbox.gatewayUrl, [path], { skip: 2 })
    onTestFinished(held.close)
    const env = processEnvironment({
      ...settingsOn(sandbox, { QUALYS_GATEWAY_URL: held.url }),
      QUALYS_EXPORT_DIR: folder,
    })
    const child = spawn(
      process.execPath,
      [program, 'call', 'qualys_export', JSON.stringify(exportArguments(format))],
      {
        env,
        stdio: 'ignore',
      },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const closed = once(child, 'close')
    await held.arrived
    await vi.waitFor(() => expect(readState().rows).toBe(2_000), { timeout: 30_000 })
    child.kill('SIGKILL')
    await closed
    held.release()
    const state = readState()
    expect(state).toMatchObject({ status: 'running', rows: 2_000 })
    expect(statSync(onlyFile('.rows')).size).toBe(state.bytes)
    // More bytes than the following rows overwrite.
    appendFileSync(
      onlyFile('.rows'),
      `${'{"id":"1","title":"a line"}\n'.repeat(50_000)}{"id":"2","title":"half a li`,
    )
    // The same account, since the folder identifies an account by its address.
    const exporter = await open({ QUALYS_GATEWAY_URL: held.url })
    const early = await exporter.export(exportArguments(format, { resume: true }))
    expect(early.error).toMatchObject({ kind: 'busy' })
    ageState(61)
    const whole = await exporter.export(exportArguments(format, { resume: true }))
    expect(exportedIds(whole).sort()).toEqual(allIds)
  })

  test('a disk that fills up: one sentence says so, and resume continues', async ({
    folder,
    exporter,
    exportWithin,
    onlyFile,
    readState,
    allIds,
  }) => {
    const { code, error } = await exportWithin(600, exportArguments(format))
    expect(code).toBe(1)
    expect(error.kind).toBe('setup')
    expect(error.message).toMatch(
      /^The folder of exports \(QUALYS_EXPORT_DIR, .*\) cannot be used: the system allows no larger file\./,
    )
    expect(error.next).toMatch(/^Ask the operator to make room there.*rows are kept/)
    expect(filesEndingWith(folder, format)).toEqual([])
    expect(filesEndingWith(folder, '-new')).toEqual([])
    expect(readState().rows).toBeGreaterThan(0)
    expect(statSync(onlyFile('.rows')).size).toBe(readState().bytes)
    const whole = await exporter.export(exportArguments(format, { resume: true }))
    expect(exportedIds(whole).sort()).toEqual(allIds)
  })
})

test('a disk that fills up while the CSV is written: the rows are kept, and no request is repeated', async ({
  sandbox,
  folder,
  exporter,
  exportWithin,
  readState,
}) => {
  // Every row has a field of its own: the table is far larger than the rows.
  const data = Array.from({ length: 1_900 }, (_, index) => ({
    id: String(index),
    [`field${index % 450}`]: 'x',
  }))
  const list = data.map((row, index) => ({ sortValues: [index, row.id], data: row }))
  const page = (from: number, to?: number) => ({
    route,
    kind: 'reply',
    times: 1,
    body: { body: { totalCount: list.length, list: list.slice(from, to) } },
  })
  await sandbox.control.faults([page(0, 1_000), page(1_000)])
  const { error } = await exportWithin(600, exportArguments('csv'))
  expect(error.kind).toBe('setup')
  expect(error.next).toMatch(/1,900 rows are kept/)
  expect(readState()).toMatchObject({ status: 'cut', end: 'list', rows: 1_900 })
  expect(filesEndingWith(folder, 'csv-new')).toEqual([])
  await sandbox.control.reset()
  const whole = await exporter.export(exportArguments('csv', { resume: true }))
  expect(exportedIds(whole)).toEqual(data.map(({ id }) => id))
  expect(Number(whole.rows[0]?.['bytes'])).toBeGreaterThan(800_000)
  expect((await sandbox.control.requests()).filter((request) => request.path === path)).toEqual([])
})
