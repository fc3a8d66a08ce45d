import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { openPasskeysFolder } from '../../support/passkeys/passkeys-folder.ts'

// The counters of passkeys with two processes on one state folder.

const source = new URL('../../../src/tools/effects/approval/page/passkeys/counters.ts', import.meta.url)

/** Takes the counters from 1 to 200 of one key. */
const program = `
import { PasskeyCounters } from ${JSON.stringify(source.href)}
const [, stateDir, id] = process.argv
const counters = new PasskeyCounters(stateDir)
for (let count = 1; count <= 200; count += 1) await counters.take(id, count, 0)`

test('two processes that verify at once lose no counter', async () => {
  const folder = openPasskeysFolder()
  const run = (id: string) =>
    promisify(execFile)(process.execPath, [
      ...['--import', 'tsx', '--input-type=module', '--eval', program],
      ...[folder.stateDir, id],
    ])
  await Promise.all([run('AAAA'), run('BBBB')])
  expect(folder.readCounters()).toEqual({ counters: { AAAA: 200, BBBB: 200 } })
  folder.remove()
})
