import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { compareRuns } from '../../../src/tools/workflows/compare/compare-runs.ts'
import type { Answers } from '../operations/memory.ts'
import { callerOn, type ToolCaller, type ToolOutcome } from './memory.ts'

/** A result of a run; its host has a number and a name, unless `asset` says otherwise. */
export interface ComparedHost {
  readonly name?: string
  readonly asset?: object | null
  readonly code?: number
  readonly text?: string
  readonly output?: string
  readonly open?: boolean
  /** When the result was created, in ms after the start of the run. */
  readonly after?: number
  /** Further fields of the result. */
  readonly more?: object
}

/** A run, as Qualys would list it: a row among the runs, and its results. */
export interface ComparedRun {
  readonly hosts: readonly ComparedHost[]
  /** Null: no row among the runs. */
  readonly row?: object | null
}

/** One of these days: run 1 is a month older than run 2. */
const startOf = (jobId: string): number => Date.UTC(2026, jobId === '1' ? 9 : 10, 22, 6, 42)

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** The number of a host, which is the same in every run. */
const numberOf = (name: string): number =>
  9_000 + [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 100_000, 7)

function resultOf(host: ComparedHost, jobId: string, at: number): object {
  const { name = `ws-${at + 1}`, code = 0, text = 'SUCCESS', output, open = false, after = 0, more } = host
  const { asset = { id: numberOf(name), name } } = host
  return {
    id: `${jobId}00${at}`,
    created: { dateTime: startOf(jobId) + after },
    ...(asset !== null && { asset }),
    ...(!open && { output: { code, text }, enddate: '2026-11-22T06:42:13.692+00:00' }),
    ...(output !== undefined && { scriptResult: base64(output) }),
    ...more,
  }
}

const runRow = (jobId: string): object => ({
  id: jobId,
  title: `Patch state-${startOf(jobId) / 1000}`,
  created: { dateTime: startOf(jobId) },
  platform: 'WINDOWS',
  executionType: 'Manual',
  scriptId: 19_218,
})

const listOf = (rows: readonly object[]): object => ({
  body: { body: { totalCount: rows.length, list: rows.map((data, at) => ({ sortValues: [at], data })) } },
})

/** Answers of Qualys that list these runs, 1 and 2. */
export const answersFor =
  (runs: Readonly<Record<string, ComparedRun>>): Answers =>
  ({ path, body }) => {
    if (path === '/sm/v2/jobs/search')
      return listOf(
        Object.entries(runs).flatMap(([jobId, { row = {} }]) => (row ? [{ ...runRow(jobId), ...row }] : [])),
      )
    const [, jobId = ''] = /job\.id:(\w+)/.exec(String(JSON.parse(body).filter)) ?? []
    return listOf((runs[jobId]?.hosts ?? []).map((host, at) => resultOf(host, jobId, at)))
  }

/** Calls tools where Qualys lists these runs. */
export const callerOnRuns = (
  a: ComparedRun | readonly ComparedHost[],
  b: ComparedRun | readonly ComparedHost[],
  environment: Environment = {},
): ToolCaller => {
  const runOf = (run: ComparedRun | readonly ComparedHost[]): ComparedRun =>
    'hosts' in run ? run : { hosts: run }
  return callerOn(answersFor({ 1: runOf(a), 2: runOf(b) }), environment)
}

/** The comparison of run 2 with run 1. */
export async function compared(
  a: ComparedRun | readonly ComparedHost[],
  b: ComparedRun | readonly ComparedHost[],
  { form = 'text', budget = 24_000 }: { form?: 'text' | 'json'; budget?: number } = {},
): Promise<ToolOutcome> {
  const caller = callerOnRuns(a, b, { QUALYS_REPLY_CHARS: String(budget) })
  const reply = await caller.call(compareRuns, { jobIdA: 1, jobIdB: 2 }, form)
  expect(reply.isError, reply.text).toBe(false)
  return reply
}

/** The reply as lines, with one word for every mark. */
export const linesOf = ({ text }: Pick<ToolOutcome, 'text'>): string[] =>
  text
    .replace(/[0-9a-f]{8}>>/g, 'MARK>>')
    .replace(/<<[0-9a-f]{8}/g, '<<MARK')
    .split('\n')

/** This number of hosts, `ws-1` and so on. */
export const hosts = (count: number, hostAt: (index: number) => ComparedHost = () => ({})): ComparedHost[] =>
  Array.from({ length: count }, (_, index) => ({ name: `ws-${index + 1}`, output: 'ok', ...hostAt(index) }))
