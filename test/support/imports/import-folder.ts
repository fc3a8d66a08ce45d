import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of files to import, for one test. */
export interface ImportFolder {
  readonly path: string
  readonly write: (name: string, content: string | Buffer) => void
}

/** A folder that nobody else may write, removed after the test. */
export function importFolder(files: Readonly<Record<string, string | Buffer>> = {}): ImportFolder {
  const path = mkdtempSync(join(tmpdir(), 'qualys-imports-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const write = (name: string, content: string | Buffer): void =>
    writeFileSync(join(path, name), content, { mode: 0o600 })
  for (const [name, content] of Object.entries(files)) write(name, content)
  return { path, write }
}

/** The address of the person in a row. */
export const addressOf = (row: number): string => `row${row}@imports.example`

/** A CSV file of people, as a German spreadsheet writes it. `lines`: other lines in place of rows. */
export function peopleCsv(count: number, lines: Readonly<Record<number, string>> = {}): string {
  const rows = Array.from({ length: count }, (_, at) => {
    const row = at + 1
    return lines[row] ?? `${addressOf(row)};Jürgen;Müller ${row};Delta Cloud;"EU; Critical"`
  })
  return ['E-Mail;Vorname;Nachname;Firma;Tags', ...rows, ''].join('\r\n')
}

/** Columns of people, in the order in which the tests write them. */
export const peopleHeader = 'firstName,lastName,company,emailAddress'
