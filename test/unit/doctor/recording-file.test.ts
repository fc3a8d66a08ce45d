import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compareFile } from '../../support/doctor/recorder.ts'

// A file that is not a recording is refused in one sentence.

const folder = mkdtempSync(join(tmpdir(), 'qualys-mcp-recordings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const writeRecording = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
const sound = {
  format: 'qualys-mcp transcript',
  version: 2,
  program: '0.1.0',
  platform: 'US2',
  recordedOn: '2026-11-23',
  complete: true,
  answers: [],
}
const answer = {
  operation: 'car_get_script',
  kind: 'own',
  route: 'GET /sm/v1/scripts/{scriptId}',
  about: 'x',
}

test.each([
  ['is not there', () => join(folder, 'none.json'), /cannot be read \(ENOENT\): name a file/],
  [
    'is a folder',
    () => {
      mkdirSync(join(folder, 'folder'), { recursive: true })
      return join(folder, 'folder')
    },
    /is no file, or larger than any recording/,
  ],
  ['is no JSON', () => writeRecording('a.json', '{"format":'), /is no JSON: name a file/],
  ['is empty', () => writeRecording('b.json', ''), /is no JSON/],
  ['is something else', () => writeRecording('c.json', '{"name":"package"}'), /is no recording/],
  ['is null', () => writeRecording('d.json', 'null'), /is no recording/],
  ['is too large', () => writeRecording('e.json', ' '.repeat(17 * 1024 * 1024)), /larger than any recording/],
  [
    'was changed',
    () => writeRecording('f.json', JSON.stringify({ ...sound, more: 1 })),
    /was changed, or written by another version/,
  ],
  [
    'is of an earlier version',
    () => writeRecording('g.json', JSON.stringify({ ...sound, version: 1 })),
    /written by another version of qualys-mcp: record again with this one\.$/,
  ],
  [
    'would write to the terminal',
    () =>
      writeRecording('h.json', JSON.stringify({ ...sound, answers: [{ ...answer, about: '\u001b[2Jx' }] })),
    /was changed/,
  ],
  [
    'would have somebody paste a command',
    () =>
      writeRecording(
        'i.json',
        JSON.stringify({
          ...sound,
          answers: [{ ...answer, kind: 'variant', held: true, route: "GET /'; rm -r ~; '" }],
        }),
      ),
    /was changed/,
  ],
  [
    'names a platform of somebody',
    () => writeRecording('j.json', JSON.stringify({ ...sound, platform: 'qualys.example.com' })),
    /was changed/,
  ],
])('is refused in one sentence, since it %s', (_why, file, says) => {
  expect(() => compareFile(file())).toThrow(says)
})

test('with tools that this version does not know is reported as such', () => {
  const file = writeRecording(
    'k.json',
    JSON.stringify({ ...sound, answers: [{ ...answer, operation: 'car_get_moon' }] }),
  )
  expect(compareFile(file).text).toContain('1 answer of tools that this version does not have.')
})

test('with fields that this program does not know is read without them', () => {
  const field = { present: 1, of: 1, kinds: { text: 1 } }
  const fields = { id: field, '\u001b[2Jx': field, payroll: field, constructor: field }
  const file = writeRecording(
    'm.json',
    JSON.stringify({ ...sound, answers: [{ ...answer, held: true, record: { fields, unknown: 3 } }] }),
  )
  const { text } = compareFile(file)
  expect(text).toContain('fields beyond those declared: 3')
  expect(text).not.toMatch(/payroll|constructor/)
  expect(text).not.toContain('\u001b')
})

test('that leads a tool to another one does not suggest that setting', () => {
  const route = 'POST /sm/v1/scripts/search'
  const foul = {
    ...answer,
    operation: 'car_get_script',
    kind: 'variant',
    held: true,
    route: 'POST /sm/v1/scripts/7/execute',
  }
  const file = writeRecording(
    'l.json',
    JSON.stringify({ ...sound, answers: [{ ...answer, route, status: 404, held: false }, foul] }),
  )
  const { text, allHeld } = compareFile(file)
  expect(text).toContain('which QUALYS_ROUTES does not take: report it')
  expect(text).not.toContain("QUALYS_ROUTES='")
  expect(allHeld).toBe(false)
})
