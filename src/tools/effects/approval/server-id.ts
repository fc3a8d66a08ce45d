import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const idPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function readId(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim()
    return idPattern.test(text) ? text : undefined
  } catch {
    return undefined
  }
}

/**
 * The id of the servers of a state folder, made with the first approval: a record of another folder is none here, and
 * one that was approved is good after a restart. `own` where the folder cannot hold it.
 */
export function serverIdOf(stateDir: string, own: string): string {
  const path = join(stateDir, 'server-id')
  const known = readId(path)
  if (known !== undefined) return known
  const temporary = `${path}.${own}`
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    try {
      writeFileSync(temporary, `${own}\n`, { mode: 0o600 })
      // A link never replaces the id that another process wrote meanwhile.
      linkSync(temporary, path)
      return own
    } finally {
      rmSync(temporary, { force: true })
    }
  } catch {
    return readId(path) ?? own
  }
}
