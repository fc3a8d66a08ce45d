import { beforeEach, describe, expect, test } from 'vitest'
import { approve } from '../../../src/cli/approval/approve.ts'
import { findCall, savePending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { newStateDir } from '../../support/approvals/state-folder.ts'
import { terminal } from '../../support/approvals/terminal.ts'
import { waitingCall } from '../../support/approvals/waiting-call.ts'
import { previewOfLines } from '../../support/consent/previews.ts'

// What a person at a terminal sees of a preview that is longer or wider than the screen.

let stateDir: string
beforeEach(() => {
  stateDir = newStateDir()
})

describe('a preview of more than 60 lines', () => {
  const long = previewOfLines(
    'Run a script (execute)',
    ...Array.from({ length: 99 }, (_, at) => `line ${at + 1}`),
  )
  const script = { excerpt: ['the beginning'], lines: [], script: 'echo\n'.repeat(100) }
  const withScript = { ...long, facts: { ...long.facts, blocks: ['line 1', script] } }
  /** Approves with these answers, one after the other; returns what was shown between the questions. */
  async function sit(preview: Preview, height: number | undefined, ...answers: string[]) {
    const there = terminal(() => answers.shift() ?? 'no')
    const own = savePending(stateDir, waitingCall('long', { preview }))
    const isApproved = await approve(stateDir, own, { ...there, height })
    return { isApproved, shown: there.shown, answers, state: findCall(stateDir, own)?.state }
  }
  const question = 'Type yes to let it run once, all to see everything, anything else to decline: '

  test('is shown short, and yes approves it', async () => {
    const { isApproved, shown, state } = await sit(withScript, 24, 'yes')
    expect(shown.slice(2, -1)).toEqual([
      'Run a script (execute)',
      'all of it: type all',
      'line 1',
      'the beginning',
      '',
      question,
    ])
    expect(isApproved).toBe(true)
    expect(state).toBe('approved')
  })

  test('is shown page by page for all, and then the question comes again', async () => {
    const { isApproved, shown } = await sit(withScript, 41, 'all', '', 'yes', 'yes')
    const pages = shown.slice(shown.indexOf(question) + 1, -1)
    expect(pages[40]).toBe('62 more lines. Enter goes on, q goes back: ')
    expect(pages[81]).toBe('22 more lines. Enter goes on, q goes back: ')
    expect(pages.filter((text) => / \d+ "echo"$/.test(text))).toHaveLength(100)
    expect(pages.slice(-2)).toEqual(['', question])
    expect(isApproved).toBe(true)
  })

  test('is not approved by a yes between the pages', async () => {
    const { isApproved, answers, state } = await sit(
      withScript,
      undefined,
      'all',
      'yes',
      'yes',
      'yes',
      'yes',
      'no',
    )
    expect(isApproved).toBe(false)
    expect(answers).toEqual([])
    expect(state).toBe('declined')
  })

  test('is left with q', async () => {
    const { isApproved, shown } = await sit(withScript, 24, 'all', 'q', 'all', 'q', 'no')
    expect(isApproved).toBe(false)
    expect(shown.filter((text) => text === question)).toHaveLength(3)
  })

  test('of which even the short view is long comes page by page as well', async () => {
    const { shown } = await sit(long, 24, '', '', '', '', 'no')
    expect(shown.filter((text) => text.endsWith('Enter goes on, q goes back: '))).toHaveLength(4)
    expect(shown).toContain('line 99')
  })
})

test('lines longer than the terminal is wide go on behind a mark', async () => {
  const wide = previewOfLines('Run a script (execute)', `title: "${'x'.repeat(72)}! Nothing runs."`)
  const own = savePending(stateDir, waitingCall('two', { preview: wide }))
  const there = { ...terminal('no'), width: 80 }
  await approve(stateDir, own, there)
  expect(there.shown).toContain('      | ! Nothing runs."')
  expect(Math.max(...there.shown.slice(0, 5).map(({ length }) => length))).toBeLessThanOrEqual(80)
})
