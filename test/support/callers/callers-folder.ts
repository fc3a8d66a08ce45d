import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sha256 } from '../../../src/shared/crypto.ts'

/** A token with a part that is easy to find in whatever repeats it. */
export const tokenOf = (name: string): string => `canary-token-of-${name}-`.padEnd(48, '0123456789')

/** The entry of a caller as it stands in the file. */
export const entryOf = (name: string, more: object = {}) => ({
  name,
  sha256: sha256(tokenOf(name)),
  role: ['viewer'],
  ...more,
})

/** A folder with a callers file that only its owner may read. */
export function openCallersFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-callers-'))
  const path = join(folder, 'callers.json')
  const writeText = (text: string | Buffer, mode = 0o600): void => {
    writeFileSync(path, text, { mode })
    chmodSync(path, mode)
  }
  return {
    folder,
    path,
    writeText,
    /** Writes a file with these entries. */
    write: (...callers: readonly object[]): void => writeText(JSON.stringify({ callers })),
    read: (): string => readFileSync(path, 'utf8'),
    remove: (): void => rmSync(folder, { recursive: true }),
  }
}

/** A clock that a test moves. */
export function testClock(start = Date.parse('2027-03-01T12:00:00Z')) {
  let time = start
  return {
    now: () => time,
    pass: (ms: number): void => {
      time += ms
    },
  }
}
