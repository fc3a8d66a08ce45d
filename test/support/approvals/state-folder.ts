import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A state folder that is not there yet, in a folder that is removed after the test. */
export function newStateDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-state-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state')
}

/** A state folder that nobody can make, on any system and as any user: a part of its path is a file. */
export const unusableStateDir = join(fileURLToPath(import.meta.url), 'state')
