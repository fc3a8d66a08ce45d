import { describe, expect, test } from 'vitest'
import { busyError, type ExportState, isRunning, readState } from '../../../src/tools/exports/export-state.ts'
import type { ExportFolder } from '../../../src/tools/exports/folder.ts'
import { MemorySpool } from './memory.ts'

// The state of an unfinished export: validated strictly, and taken as running for a minute.

const { state } = new MemorySpool()
const now = Date.parse('2026-12-01T12:00:00Z')

const folderOf = (text: string, size = text.length, touched = now): ExportFolder =>
  ({ stats: () => ({ size, mtimeMs: touched }), read: () => text }) as unknown as ExportFolder

const read = (more: object): ExportState | undefined =>
  readState(folderOf(JSON.stringify({ ...state, ...more })), 'stem')

describe('a state', () => {
  test('is read as it was written', () => {
    const whole = {
      ...state,
      end: 'file',
      wall: 'x',
      table: { columns: ['id'], cells: 7, wide: true },
      total: 5,
    }
    expect(read(whole)).toEqual(whole)
  })

  test.each<[string, object]>([
    ['another status', { status: 'done' }],
    ['an invalid run', { run: 'x' }],
    ['an invalid digest', { digest: 'x' }],
    ['a part before the first', { part: 0 }],
    ['rows below nothing', { rows: -1 }],
    ['half a row', { rows: 0.5 }],
    ['a place beyond measure', { place: 'x'.repeat(4_001) }],
    ['another end', { end: 'wall' }],
    ['a field too many', { path: '../x' }],
    ['no field of its rows', { seen: undefined }],
  ])('with %s is invalid', (_what, more) => expect(read(more)).toBeUndefined())

  test.each(['', 'x', '[]', 'null', '{"run":'])('that is %j is invalid', (text) => {
    expect(readState(folderOf(text), 'stem')).toBeUndefined()
  })

  test.each([
    [2_000_000, true],
    [2_000_001, false],
  ])('of %i bytes is read: %s', (size, isRead) => {
    expect(readState(folderOf(JSON.stringify(state), size), 'stem') !== undefined).toBe(isRead)
  })

  test('that does not exist is none', () => {
    const none = { stats: () => undefined } as unknown as ExportFolder
    expect(readState(none, 'stem')).toBeUndefined()
  })
})

describe('an export marked as running', () => {
  test.each([
    [0, true],
    [59_999, true],
    [60_000, false],
    [-59_999, true],
    [-60_000, false],
  ])('counts as running %i ms after its last update: %s', (ms, believed) => {
    expect(isRunning(folderOf('', 0, now - ms), 'stem', state, now)).toBe(believed)
  })

  test('does not, once it was interrupted', () => {
    expect(isRunning(folderOf('', 0, now), 'stem', { ...state, status: 'cut' }, now)).toBe(false)
  })

  test('excludes others for a minute', () => {
    expect(busyError()).toMatchObject({ kind: 'busy', details: { retryAfterSeconds: 60 } })
  })
})
