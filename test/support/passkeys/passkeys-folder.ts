import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPasskeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import type { AuditTrail } from '../../../src/tools/tool.ts'

/** The page of these tests. */
export const page = { origin: 'http://localhost:8770', rpId: 'localhost' } as const

/** A line that an audit log was given. */
interface AuditedLine {
  readonly event: string
  readonly facts: Readonly<Record<string, unknown>>
}

/** An audit log in memory; `fail` makes it refuse every line. */
export function memoryAudit() {
  const lines: AuditedLine[] = []
  let failure: Error | undefined
  const audit: AuditTrail = {
    record: (event, facts) => {
      if (failure) throw failure
      lines.push({ event, facts })
    },
    close: () => undefined,
  }
  return {
    audit,
    lines,
    fail: (error: Error): void => {
      failure = error
    },
  }
}

/** A state folder with a file of passkeys. */
export function openPasskeysFolder() {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-passkeys-'))
  const path = join(stateDir, 'passkeys.json')
  const countersPath = join(stateDir, 'passkey-counters.json')
  const writeText = (text: string | Buffer): void => writeFileSync(path, text)
  return {
    stateDir,
    path,
    countersPath,
    writeText,
    /** Writes a file with these keys. */
    write: (...passkeys: readonly object[]): void => writeText(JSON.stringify({ passkeys })),
    read: (): string => readFileSync(path, 'utf8'),
    readCounters: (): unknown => JSON.parse(readFileSync(countersPath, 'utf8')),
    open: (more: Partial<Parameters<typeof openPasskeys>[0]> = {}) =>
      openPasskeys({ path, stateDir, ...more }),
    remove: (): void => rmSync(stateDir, { recursive: true }),
  }
}
