import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readResults } from '../../support/conformance/results.ts'

/** A folder with the checks of scenarios, as the suites write them. */
function resultsOf(scenarios: Readonly<Record<string, readonly object[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'qualys-conformance-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, checks] of Object.entries(scenarios)) {
    const own = join(folder, `server-${name}-2026-11-30T17-54-05-565Z`)
    mkdirSync(own)
    writeFileSync(join(own, 'checks.json'), JSON.stringify(checks))
  }
  return folder
}

const summary = (...lines: string[]): string => `=== SUMMARY ===\n${lines.join('\n')}\n\nTotal: …\n`

test('failures and warnings are failures, what is skipped or told besides is neither', () => {
  const statuses = ['SUCCESS', 'INFO', 'SKIPPED', 'WARNING', 'FAILURE']
  const folder = resultsOf({ ping: statuses.map((status) => ({ id: `ping-${status}`, status })) })
  expect(readResults(folder, summary('✗ ping: 1 passed, 1 failed'))).toEqual({
    passed: 1,
    failures: [
      { name: 'ping:ping-WARNING', message: 'WARNING' },
      { name: 'ping:ping-FAILURE', message: 'FAILURE' },
    ],
  })
})

test('a check that fails twice counts once, with its first message', () => {
  const check = { id: 'one', status: 'FAILURE' }
  const folder = resultsOf({
    ping: [
      { ...check, errorMessage: 'first' },
      { ...check, errorMessage: 'second' },
    ],
  })
  const { failures } = readResults(folder, summary('✗ ping: 0 passed, 2 failed'))
  expect(failures).toEqual([{ name: 'ping:one', message: 'first' }])
})

test('a scenario whose name begins like another keeps its own checks', () => {
  const folder = resultsOf({
    'tools-call': [{ id: 'call', status: 'FAILURE' }],
    'tools-call-error': [{ id: 'error', status: 'SUCCESS' }],
  })
  const lines = ['✗ tools-call: 0 passed, 1 failed', '✓ tools-call-error: 1 passed, 0 failed']
  expect(readResults(folder, summary(...lines))).toEqual({
    passed: 1,
    failures: [{ name: 'tools-call:call', message: 'FAILURE' }],
  })
})

test('a scenario that broke off is a failure', () => {
  const { failures } = readResults(resultsOf({}), summary('✗ ping: 0 passed, 1 failed'))
  expect(failures).toEqual([{ name: 'ping:unfinished', message: 'The scenario broke off.' }])
})

test('a run without a scenario is no run', () => {
  expect(() => readResults(resultsOf({}), 'TypeError: fs.globSync is no function')).toThrow('fs.globSync')
})
