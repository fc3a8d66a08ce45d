import { expect } from 'vitest'
import type { Operation } from '../../../src/operations/operation.ts'
import { isCut } from '../../../src/session/records/cut-rows.ts'
import { Drift } from '../../../src/session/records/drift.ts'
import type { Session } from '../../../src/session/session.ts'
import { openSandbox, type TestSandbox } from '../sandbox.ts'
import { openRecordingGateway, type RecordedAnswer } from '../session/recording-gateway.ts'
import { sessionOn } from '../session.ts'
import { expectSameValue } from '../xml/parse.ts'
import { expectEqualReaders, failure, outcome, reading, recordReads } from './compared-readers.ts'
import * as reference from './reference-reader.ts'
import { wireRecords } from './wire-records.ts'

// What a session makes of the answers of a sandbox, held against what the reference reader makes of the same bytes.

/** A session on a sandbox, and the answers that it got since they were last taken. */
export interface RecordedSession {
  readonly sandbox: TestSandbox
  readonly session: Session
  readonly takeAnswers: () => RecordedAnswer[]
  readonly close: () => Promise<void>
}

export async function openRecordedSession(jobs?: number): Promise<RecordedSession> {
  const sandbox = await openSandbox(jobs === undefined ? {} : { jobs })
  const gateway = await openRecordingGateway(sandbox)
  const session = sessionOn(gateway)
  const close = async (): Promise<void> => {
    await session.close()
    await gateway.close()
    await sandbox.close()
  }
  return { sandbox, session, takeAnswers: gateway.takeAnswers, close }
}

/** Finds a read by its name. */
export function readNamed(name: string): Operation {
  const operation = recordReads.find((read) => read.name === name)
  if (!operation) throw new Error(`there is no read ${name}`)
  return operation
}

/** What was compared: the number of records, and the fields of them that are not as documented. */
export interface ComparedRecords {
  readonly records: number
  readonly drift: readonly string[]
  /** The number of records of which something is left out. */
  readonly cut: number
  /** True if they cannot be read. */
  readonly isRefused: boolean
}

/** True for an answer in XML. */
export const startsElement = (bytes: Buffer): boolean => bytes.toString('latin1', 0, 1) === '<'

/** The raw records in the one answer that came since answers were last taken. */
async function answeredRecords(
  operation: Operation,
  { takeAnswers }: RecordedSession,
): Promise<readonly unknown[]> {
  const answers = takeAnswers()
  expect(answers.map(({ status }) => status)).toEqual([200])
  for (const { bytes } of answers) if (startsElement(bytes)) await expectSameValue([bytes])
  return answers.flatMap(({ bytes }) => wireRecords(operation, bytes))
}

/** Compares the pages of a list, up to the last or a number of them. */
export async function expectEqualPages(
  operation: Operation,
  recorded: RecordedSession,
  { args = {}, batchSize = 1_000, pages = Infinity } = {},
): Promise<ComparedRecords> {
  const drift = new Drift()
  let records = 0
  let cut = 0
  const walk = recorded.session.walk(operation, { ...args }, { batchSize })
  for (let page = 0; page < pages; page++) {
    const step = await walk.next().catch((error: unknown) => ({ error }))
    if ('done' in step && step.done) {
      expect(recorded.takeAnswers()).toEqual([])
      break
    }
    const raws = await answeredRecords(operation, recorded)
    records += raws.length
    const expected = outcome((seen) => reference.readRecords(operation, raws, seen), drift)
    const read = 'error' in step ? failure(step.error) : reading(step.value.rows, step.value)
    expect(read).toStrictEqual(expected)
    expectEqualReaders(operation, raws)
    if ('error' in step) return { records, cut, drift: [...drift], isRefused: true }
    cut += step.value.rows.filter(isCut).length
  }
  await walk.return()
  return { records, cut, drift: [...drift], isRefused: false }
}

/** Compares one record. */
export async function expectEqualRecord(
  operation: Operation,
  recorded: RecordedSession,
  args: object = {},
): Promise<ComparedRecords> {
  const drift = new Drift()
  const read = await recorded.session.call(operation, { ...args }).then(
    (answer) => {
      if (answer.kind !== 'record') throw new Error(`${operation.name} brings no record`)
      return reading([answer.record], answer)
    },
    (error: unknown) => failure(error),
  )
  const raws = await answeredRecords(operation, recorded)
  const expected = outcome((seen) => [reference.readRecord(operation, raws[0], seen)], drift)
  expect(read).toStrictEqual(expected)
  expectEqualReaders(operation, raws)
  const cut = 'error' in read ? 0 : read.rows.filter(isCut).length
  return { records: 1, cut, drift: [...drift], isRefused: 'error' in read }
}
