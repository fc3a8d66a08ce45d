import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalPageOptions } from '../../../src/tools/effects/approval/page/local/local-page.ts'
import { openPasskeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import {
  approveCall,
  declineCall,
  findCall,
  noteOutcome,
  useRecord,
} from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { onPage } from '../approvals/decisions.ts'
import { temporaryFolder } from '../consent/raw-client.ts'
import type { LocalFixture } from '../page/local.ts'
import { pinned, softwareKey } from '../passkeys/software-key.ts'

// What the views of the approval page show.

const long = 'C:\\Programme\\'.repeat(30)

/** Texts that want more room than there is. */
export const widePreview: Preview = {
  facts: {
    headline: `Run a script on hosts (execute): 3 hosts, script "${'long'.repeat(40)}"`,
    warnings: [`The path ${long} is outside of the usual folders.`],
    blocks: [
      { label: 'a label that is longer than most others are', values: [long, 'b', 'c'] },
      {
        label: 'parameters',
        values: Array.from({ length: 40 }, (_, at) => `KEY_${at}=${'v'.repeat(at)}`),
        depth: 2,
      },
      {
        label: 'hosts',
        columns: ['id', 'name', 'platform', 'address', 'operating system'],
        rows: [1, 2, 3].map((at) => [
          `2178960${at}`,
          `host-${'x'.repeat(60)}`,
          'Linux',
          '10.0.0.1',
          'Debian 13',
        ]),
      },
      { label: 'names', columns: [], rows: [[long], ['short']] },
      { excerpt: [], lines: ['content: 2 lines'], script: `${long}\n\t\tindented\n${'word '.repeat(80)}` },
      { label: 'empty', values: [''] },
      { label: 'none', values: [] },
    ],
  },
  notes: [`now: 30 hosts left of the budget of today in ${long}`],
}

const key = softwareKey()

/** A file with one passkey. */
export function pinnedKeys(): Pick<LocalPageOptions, 'passkeys'> {
  const stateDir = temporaryFolder()
  const path = join(stateDir, 'passkeys.json')
  const anna = pinned(key, {
    person: 'Anna Berg',
    rpId: 'localhost',
    origin: 'http://localhost:1',
    label: 'phone'.repeat(12),
  })
  writeFileSync(path, JSON.stringify({ passkeys: [anna] }))
  return { passkeys: openPasskeys({ path, stateDir }) }
}

/** What a call became. */
export const becomes: Readonly<Record<string, (fixture: LocalFixture, code: string) => void>> = {
  approved: ({ stateDir }, code) => {
    approveCall(stateDir, findCall(stateDir, code)?.digest ?? '', onPage())
  },
  declined: ({ stateDir }, code) => {
    declineCall(stateDir, findCall(stateDir, code)?.digest ?? '', { way: 'terminal', person: 'Anna Berg' })
  },
  run: (fixture, code) => {
    becomes['approved']?.(fixture, code)
    const call = findCall(fixture.stateDir, code)
    if (!call) throw new Error(`There is no call ${code}.`)
    useRecord(fixture.stateDir, call)
    noteOutcome(fixture.stateDir, call.digest, 'It was sent, and Qualys took it.')
  },
}
