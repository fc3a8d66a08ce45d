import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AuditLog } from '../../../src/tools/effects/audit/audit-log.ts'
import { lastDecisions } from '../../../src/tools/effects/audit/show/decisions.ts'
import { waitingCall } from '../../support/page/calls.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-decisions-'))
  path = join(folder, 'audit.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

const { record } = waitingCall()
const tool = 'car_execute_script'
const approved = (attempt: string, more: object = {}) => ({
  tool,
  call: 'c',
  attempt,
  by: 'a person, on the approval page',
  record,
  shown: { headline: 'Run a script now (execute): 2 hosts' },
  ...more,
})

const openLog = (): AuditLog => new AuditLog({ path, redact: (text) => text })

test('decisions come newest first, with who said it and what became of it', async () => {
  const log = openLog()
  const caller = { caller: { name: 'ops', person: 'anna', knownBy: 'callers file' } }
  log.record('asked', { tool, call: 'c', attempt: '1', effect: 'execute' }, caller)
  log.record('approved', approved('1', { approval: { way: 'page', by: 'login', person: 'ben' } }), caller)
  log.record('sent', { tool, call: 'c', attempt: '1' }, caller)
  log.record('answered', { tool, call: 'c', attempt: '1', outcome: 'done' }, caller)
  log.record('refused', {
    ...approved('2'),
    kind: 'declined',
    why: 'The person said no, so nothing was sent.',
  })
  log.record('approved', approved('3'))
  const decisions = await lastDecisions(path)
  expect(decisions.map(({ decision, by, outcome }) => [decision, by, outcome])).toEqual([
    ['approved', 'a person, on the approval page', undefined],
    ['declined', 'The person said no, so nothing was sent.', undefined],
    ['approved', 'a person, on the approval page', 'done'],
  ])
  expect(decisions.at(-1)).toMatchObject({
    tool,
    effect: 'execute',
    headline: 'Run a script now (execute): 2 hosts',
    record,
    person: 'anna',
  })
  expect(decisions[0]?.person).toBeUndefined()
})

test('what nobody decided is no decision', async () => {
  const log = openLog()
  log.record('approved', { tool, call: 'c', attempt: '1', by: 'settings' })
  log.record('refused', {
    tool,
    call: 'c',
    attempt: '2',
    kind: 'declined',
    why: 'Nobody answered the question in time.',
  })
  log.record('refused', { tool, call: 'c', attempt: '3', kind: 'input', why: 'The person said no to this.' })
  expect(await lastDecisions(path)).toEqual([])
})

test('lines that were changed are left out, and the others are read', async () => {
  const log = openLog()
  log.record('approved', approved('1'))
  log.record('approved', approved('2'))
  const lines = readFileSync(path, 'utf8').split('\n')
  writeFileSync(
    path,
    lines.map((line, at) => (at === 1 ? line.replace('2 hosts', '9 hosts') : line)).join('\n'),
  )
  appendFileSync(path, 'no JSON\n{"hash":"x"}\n')
  expect(await lastDecisions(path)).toHaveLength(1)
})

test('at most a hundred come, from the end of the log', async () => {
  const log = openLog()
  for (let at = 0; at < 130; at++) log.record('approved', approved(String(at), { headline: String(at) }))
  const decisions = await lastDecisions(path)
  expect(decisions).toHaveLength(100)
})

test('of a long log the end is read alone', async () => {
  const log = openLog()
  log.record('approved', approved('first'))
  writeFileSync(path, 'x'.repeat(9 * 1024 * 1024), { flag: 'a' })
  writeFileSync(path, '\n', { flag: 'a' })
  log.record('approved', approved('last'))
  expect(await lastDecisions(path)).toHaveLength(1)
})

test('without a file there is none', async () => {
  expect(await lastDecisions(join(folder, 'none'))).toEqual([])
})
