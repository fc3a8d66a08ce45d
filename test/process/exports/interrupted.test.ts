import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { processEnvironment } from '../../support/command-line/program.ts'
import { filesEndingWith } from '../../support/exports/exporter.ts'
import {
  exportArguments,
  exportedIds,
  test as onInterrupted,
  path,
  route,
  settingsOn,
} from '../../support/exports/interrupted.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'
import { program } from '../../support/stdio/peers.ts'

// What an export leaves when the process is killed or the disk is full. The shell's limit on the size of files
// simulates the full disk.

interface Refused {
  readonly code: number | null
  readonly error: { readonly kind: string; readonly message: string; readonly next: string }
}

const test = onInterrupted.extend<{
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
  test('killed: the temporary file is no resource, and goes with the first export after a day', async ({
    sandbox,
    folder,
    open,
    allIds,
    onTestFinished,
  }) => {
    const held = await openHoldingGateway(sandbox.gatewayUrl, [path], { skip: 2 })
    onTestFinished(held.close)
    const settings = { QUALYS_GATEWAY_URL: held.url }
    const env = processEnvironment({ ...settingsOn(sandbox, settings), QUALYS_EXPORT_DIR: folder })
    const call = [program, 'call', 'qualys_export', JSON.stringify(exportArguments(format))]
    const child = spawn(process.execPath, call, { env, stdio: 'ignore' })
    onTestFinished(() => void child.kill('SIGKILL'))
    const closed = once(child, 'close')
    await held.arrived
    child.kill('SIGKILL')
    await closed
    held.release()
    const [left = '', ...others] = filesEndingWith(folder, '')
    expect(left).toMatch(/\.rows$/)
    expect(others).toEqual([])
    // The same account, since the folder identifies an account by its address.
    const exporter = await open(settings)
    expect(JSON.stringify(await exporter.request('resources/list'))).not.toContain(left)
    const uri = `qualys://exports/${left}`
    await expect(exporter.request('resources/read', { uri })).rejects.toThrow('no such export')
    expect(exportedIds(await exporter.export(exportArguments(format))).sort()).toEqual(allIds)
    expect(filesEndingWith(folder, '')).toContain(left)
    const then = new Date(Date.now() - 1.1 * 86_400_000)
    utimesSync(join(folder, left), then, then)
    expect((await exporter.export(exportArguments(format))).isError).toBe(false)
    expect(filesEndingWith(folder, '')).not.toContain(left)
  })

  test('a disk that fills up: one sentence says so, and nothing is left', async ({
    folder,
    exportWithin,
  }) => {
    const { code, error } = await exportWithin(600, exportArguments(format))
    expect(code).toBe(1)
    expect(error.kind).toBe('setup')
    expect(error.message).toMatch(
      /^The folder of exports \(QUALYS_EXPORT_DIR, .*\) cannot be used: the system allows no larger file\./,
    )
    expect(error.next).toMatch(/^Ask the operator to make room there.*nobody else may write\.$/)
    expect(filesEndingWith(folder, '')).toEqual([])
  })
})

test('a disk that fills up while the CSV is written: nothing is left', async ({
  sandbox,
  folder,
  exportWithin,
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
  expect(error.message).toMatch(/the system allows no larger file/)
  expect(filesEndingWith(folder, '')).toEqual([])
})
