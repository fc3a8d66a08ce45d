import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { describe, expect, vi } from 'vitest'
import { processEnvironment } from '../../support/command-line/program.ts'
import { asked, idsIn, test as onCut, path, route, settingsOn } from '../../support/exports/cut.ts'
import { named } from '../../support/exports/desk.ts'
import { holding } from '../../support/held.ts'
import { program } from '../../support/stdio/peers.ts'

// What an export of the built program leaves when the process is killed or the disk is full, and that another call goes on
// behind that. The shell's limit on the size of files stands for the disk.

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
  test('killed: what was written beyond the state is not doubled', async ({
    sandbox,
    folder,
    open,
    only,
    stateOf,
    age,
    all,
    onTestFinished,
  }) => {
    const held = await holding(sandbox.gatewayUrl, [path], { skip: 2 })
    onTestFinished(held.close)
    const env = processEnvironment({
      ...settingsOn(sandbox, { QUALYS_GATEWAY_URL: held.url }),
      QUALYS_EXPORT_DIR: folder,
    })
    const child = spawn(process.execPath, [program, 'call', 'qualys_export', JSON.stringify(asked(format))], {
      env,
      stdio: 'ignore',
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const closed = once(child, 'close')
    await held.arrived
    await vi.waitFor(() => expect(stateOf().rows).toBe(2_000), { timeout: 30_000 })
    child.kill('SIGKILL')
    await closed
    held.release()
    const state = stateOf()
    expect(state).toMatchObject({ status: 'running', rows: 2_000 })
    expect(statSync(only('.rows')).size).toBe(state.bytes)
    // More than the rows that follow will cover.
    appendFileSync(
      only('.rows'),
      `${'{"id":"1","title":"a line"}\n'.repeat(50_000)}{"id":"2","title":"half a li`,
    )
    // The same account, for the folder knows an account by its address.
    const exporter = await open({ QUALYS_GATEWAY_URL: held.url })
    const early = await exporter.export(asked(format, { resume: true }))
    expect(early.error).toMatchObject({ kind: 'busy' })
    age(61)
    const whole = await exporter.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
  })

  test('a disk that fills up: one sentence says so, and resume goes on', async ({
    folder,
    exporter,
    exportWithin,
    only,
    stateOf,
    all,
  }) => {
    const { code, error } = await exportWithin(600, asked(format))
    expect(code).toBe(1)
    expect(error.kind).toBe('setup')
    expect(error.message).toMatch(
      /^The folder of exports \(QUALYS_EXPORT_DIR, .*\) cannot be used: the system allows no larger file\./,
    )
    expect(error.next).toMatch(/^Ask the operator to make room there.*rows are kept/)
    expect(named(folder, format)).toEqual([])
    expect(named(folder, '-new')).toEqual([])
    expect(stateOf().rows).toBeGreaterThan(0)
    expect(statSync(only('.rows')).size).toBe(stateOf().bytes)
    const whole = await exporter.export(asked(format, { resume: true }))
    expect(idsIn(whole).sort()).toEqual(all)
  })
})

test('a disk that fills up while the CSV is made: the rows are there, and nothing is asked of Qualys again', async ({
  sandbox,
  folder,
  exporter,
  exportWithin,
  stateOf,
}) => {
  // Every row has a field that no other has: the table is far larger than the rows.
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
  const { error } = await exportWithin(600, asked('csv'))
  expect(error.kind).toBe('setup')
  expect(error.next).toMatch(/1,900 rows are kept/)
  expect(stateOf()).toMatchObject({ status: 'cut', end: 'list', rows: 1_900 })
  expect(named(folder, 'csv-new')).toEqual([])
  await sandbox.control.reset()
  const whole = await exporter.export(asked('csv', { resume: true }))
  expect(idsIn(whole)).toEqual(data.map(({ id }) => id))
  expect(Number(whole.rows[0]?.['bytes'])).toBeGreaterThan(800_000)
  expect((await sandbox.control.requests()).filter((request) => request.path === path)).toEqual([])
})
