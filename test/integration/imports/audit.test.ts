import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import { importFolder, peopleCsv } from '../../support/imports/import-folder.ts'

const test = effectTest({ jobs: 1 })

test('the audit log has the file, its hash and the rows once', async ({ serve, audit }) => {
  const content = peopleCsv(3)
  const folder = importFolder({ 'people.csv': content })
  const server = await serve({ QUALYS_IMPORT_DIR: folder.path })
  expect((await server.call('saq_create_users', { file: 'people.csv', from: 2 })).isError).toBe(false)
  expect(audit.factsOf('asked')).toMatchObject({
    effect: 'create',
    arguments: { file: 'people.csv', from: 2 },
  })
  expect(audit.factsOf('approved')).toMatchObject({
    file: {
      name: 'people.csv',
      sha256: createHash('sha256').update(content).digest('hex'),
      rows: [2, 3, 3],
    },
  })
  const text = JSON.stringify(audit.lines())
  expect(text.split('row2@imports.example')).toHaveLength(2)
  expect(text).not.toContain('row1@')
  await server.close()
  expect(await verifyAudit(audit.file)).toMatchObject({ ok: true })
})

test('what is refused is logged with the name that was asked for', async ({ serve, audit }) => {
  const folder = importFolder()
  const server = await serve({ QUALYS_IMPORT_DIR: folder.path })
  expect((await server.call('saq_create_users', { file: '../people.csv' })).isError).toBe(true)
  expect(audit.events()).toEqual(['asked', 'refused'])
  expect(audit.factsOf('asked')).toMatchObject({ arguments: { file: '../people.csv' } })
  expect(audit.factsOf('refused')).toMatchObject({ kind: 'input' })
})
