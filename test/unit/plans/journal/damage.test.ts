import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SetupError } from '../../../../src/shared/errors.ts'
import { ownDisk } from '../../../../src/tools/plans/journal/disk.ts'
import { lineText } from '../../../../src/tools/plans/journal/line.ts'
import { openPlanFiles } from '../../../../src/tools/plans/journal/plan-files.ts'
import { JournalError } from '../../../../src/tools/plans/journal-error.ts'
import type { PlanLine } from '../../../../src/tools/plans/plan.ts'
import { newStateDir } from '../../../support/approvals/state-folder.ts'
import {
  hostIds,
  intentFor,
  linesOf,
  planId,
  proposed,
  sampleApproval,
  samplePlan,
} from '../../../support/plans/plan-lines.ts'

const plan = samplePlan()
const lines = linesOf([
  proposed(plan),
  { kind: 'approved', approval: sampleApproval() },
  intentFor(0, hostIds(2)),
  { kind: 'sent', wave: 0, jobId: '701' },
])

/** A journal of four lines. */
function newJournal() {
  const stateDir = newStateDir()
  const folder = join(stateDir, 'plans', planId)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pathOf = (seq: number) => join(folder, `00000${seq}.json`)
  const put = (seq: number, text: string | Uint8Array) => writeFileSync(pathOf(seq), text, { mode: 0o600 })
  lines.forEach((line, index) => {
    put(index + 1, lineText(line))
  })
  return { journals: openPlanFiles(stateDir), stateDir, folder, pathOf, put }
}

type Journal = ReturnType<typeof newJournal>

const lineAt = (seq: number): PlanLine => {
  const line = lines[seq - 1]
  if (!line) throw new Error('no such line')
  return line
}

const changed = (seq: number, changes: object): string => lineText({ ...lineAt(seq), ...changes } as PlanLine)

describe('a journal', () => {
  test('is read as it is if nothing is wrong with it', () => {
    expect(newJournal().journals.read(planId)).toEqual(lines)
  })

  test.each<[string, (journal: Journal) => void, string]>([
    ['a line is gone', ({ pathOf }) => rmSync(pathOf(2)), 'line 2 is missing'],
    ['the first line is gone', ({ pathOf }) => rmSync(pathOf(1)), 'line 1 is missing'],
    ['a line is empty', ({ pathOf }) => truncateSync(pathOf(4)), 'line 4 is not JSON'],
    ['a line is cut off', ({ pathOf }) => truncateSync(pathOf(3), 100), 'line 3 is not JSON'],
    ['a line is no text', ({ put }) => put(4, Buffer.of(0x22, 0xff, 0x22, 0x0a)), 'line 4 is not JSON'],
    ['a byte order mark is before it', ({ put }) => put(4, `\ufeff${changed(4, {})}`), 'line 4 is not JSON'],
    [
      'a line has something more',
      ({ put }) => put(4, changed(4, { more: 1 })),
      'line 4 is not what this version',
    ],
    ['a line lacks something', ({ put }) => put(4, '{"kind":"done"}\n'), 'line 4 is not what this version'],
    [
      'a line is of a later version',
      ({ put }) => put(4, changed(4, { v: 2 })),
      'line 4 is not what this version',
    ],
    [
      'a line is of another kind',
      ({ put }) => put(4, changed(4, { kind: 'else' })),
      'line 4 is not what this',
    ],
    [
      'a line is of another plan',
      ({ put }) => put(4, changed(4, { id: 'ZZZZ9999' })),
      'line 4 is of another plan',
    ],
    [
      'a line has another number',
      ({ put }) => put(4, changed(4, { seq: 3 })),
      'line 4 has the number 3 in it',
    ],
    [
      'a line was changed in the middle',
      ({ put }) => put(2, changed(2, { who: 'else' })),
      'line 3 does not continue line 2: one of the two was changed or replaced',
    ],
    [
      'the chain begins elsewhere',
      ({ put }) => put(1, changed(1, { prev: 'a'.repeat(64) })),
      'line 1 does not begin',
    ],
    [
      'a line is written otherwise',
      ({ put }) => put(4, JSON.stringify(lineAt(4), null, 1)),
      'line 4 was changed',
    ],
    ['a line lacks its end', ({ put }) => put(4, changed(4, {}).trim()), 'line 4 was changed'],
    [
      'a line is too large',
      ({ pathOf }) => truncateSync(pathOf(4), 4_194_305),
      'line 4 is larger than 4 MiB',
    ],
    [
      'a line is a folder',
      ({ pathOf }) => {
        rmSync(pathOf(4))
        mkdirSync(pathOf(4))
      },
      'line 4 is no regular file',
    ],
    [
      'a line is a symbolic link',
      ({ pathOf, folder }) => {
        renameSync(pathOf(4), join(folder, '..', 'elsewhere'))
        symlinkSync('../elsewhere', pathOf(4))
      },
      'line 4 is no regular file',
    ],
    [
      'another file lies there',
      ({ folder }) => writeFileSync(join(folder, 'a\u001b.txt'), ''),
      'its folder holds',
    ],
    [
      'a number has more digits',
      ({ folder }) => writeFileSync(join(folder, '0000005.json'), ''),
      '"0000005.json"',
    ],
    ['a number is none', ({ folder }) => writeFileSync(join(folder, '000000.json'), ''), '"000000.json"'],
  ])('is refused if %s', (_, damage, message) => {
    const journal = newJournal()
    damage(journal)
    const { journals, folder } = journal
    let error: unknown
    try {
      journals.read(planId)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(JournalError)
    expect(error).toBeInstanceOf(SetupError)
    const { message: said, next } = error as JournalError
    expect(said).toContain(message)
    expect(said).toMatch(
      /^The journal of plan ABCD2345 is damaged: [^.]+(?:\.txt|\.json)?.*\. Nothing acts on this plan\.$/,
    )
    expect(said).not.toContain('\u001b')
    expect(next).toContain(folder)
    expect(journals.list()).toEqual([planId])
  })

  test.skipIf(process.platform === 'win32')('is refused if others may write a line', () => {
    const { journals, pathOf } = newJournal()
    chmodSync(pathOf(3), 0o622)
    expect(() => journals.read(planId)).toThrow('line 3 belongs to somebody else, or others may write it')
  })

  test('is not continued if its last line was changed since it was read', () => {
    const { journals, put, pathOf } = newJournal()
    const read = journals.read(planId)
    put(4, changed(4, { jobId: '702' }))
    const append = () => journals.append(planId, read, { kind: 'lapsed', wave: 0, why: 'x' }, 'somebody')
    const stop = () => journals.append(planId, read, { kind: 'stopped', why: 'x' }, 'somebody')
    expect(append).toThrow(/cannot follow/)
    expect(stop).toThrow(/line 4 was changed since it was read/)
    rmSync(pathOf(4))
    expect(stop).toThrow(/line 4 is missing/)
  })

  test.each([
    ['the last one is not seen', '000004.json', 3],
    ['one before the last is not seen', '000003.json', 4],
  ])('is read while lines are added: in the list of its folder, %s', (_, unseen, count) => {
    const { stateDir } = newJournal()
    const list = (folder: string) => ownDisk.list(folder).filter((name) => name !== unseen)
    const journals = openPlanFiles(stateDir, { disk: { ...ownDisk, list } })
    expect(journals.read(planId)).toEqual(lines.slice(0, count))
  })
})
