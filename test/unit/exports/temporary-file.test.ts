import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { TemporaryFile } from '../../../src/tools/exports/temporary-file.ts'
import { settingsFrom } from '../../support/environment.ts'

let path: string
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'qualys-export-'))
})
afterEach(() => rmSync(path, { recursive: true }))

test.each([
  ['ASCII', ['one\n', 'two\n']],
  ['Latin letters', ['Größe\n', 'é\n']],
  ['other letters', ['漢字\n', '😀\n']],
  ['ASCII after a block of others', ['ÿ\n', 'plain\n', 'ÿ\n']],
])('a file holds what was appended: %s', async (_what, blocks) => {
  const file = new TemporaryFile(new ExportFolder(settingsFrom({ QUALYS_EXPORT_DIR: path })), 'x.rows')
  for (const block of blocks) {
    file.append('a line\n')
    file.append(block)
    await file.flush()
  }
  const text = blocks.map((block) => `a line\n${block}`).join('')
  expect(file.size).toBe(Buffer.byteLength(text))
  await file.finish('x.jsonl')
  file.close()
  expect(readFileSync(join(path, 'x.jsonl'), 'utf8')).toBe(text)
})
