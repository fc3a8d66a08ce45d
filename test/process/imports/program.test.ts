import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { importFolder, peopleCsv } from '../../support/imports/import-folder.ts'

// Files that the built program reads, on its own sandbox.

test('people come from a file, and a link is refused', async () => {
  const folder = importFolder({ 'people.csv': Buffer.from(peopleCsv(150), 'latin1') })
  symlinkSync('people.csv', join(folder.path, 'link.csv'))
  const env = processEnvironment({ QUALYS_MODE: 'unattended', QUALYS_IMPORT_DIR: folder.path })
  const call = (args: object) =>
    runProgram(['call', 'saq_create_users', JSON.stringify(args), '--sandbox'], env)
  const done = await call({ file: 'people.csv', from: 101 })
  expect(done.stdout).toContain('rows 101-150 of 150 of "people.csv", the file is done')
  expect(done.code).toBe(0)
  const refused = await call({ file: 'link.csv' })
  expect(`${refused.stdout}${refused.stderr}`).toContain('The file is a link, and links are not followed.')
  expect(refused.code).toBe(1)
})
