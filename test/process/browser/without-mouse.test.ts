import { existsSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { Desktop } from '../../../src/tools/effects/approval/page/local/browser.ts'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { accessibilityFaults } from '../../support/browser/accessibility.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { press, stateOn } from '../../support/browser/person.ts'
import { localFixture } from '../../support/page/local.ts'

// The approval page for people without a mouse or without JavaScript, and with very much on it.

/** What has the focus, as a person hears it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.getAttribute("aria-label") || document.activeElement.innerText')

/** Presses Tab until this has the focus, and returns what had it on the way. */
async function tabTo(page: Page, label: string): Promise<readonly string[]> {
  const passed: string[] = []
  for (let at = 0; at < 60; at++) {
    await page.keyboard.press('Tab')
    const name = await focused(page)
    if (name === label) return passed
    passed.push(name)
  }
  throw new Error(`Tab does not lead to ${label}: ${passed.join(', ')}`)
}

describe('with the keyboard alone', () => {
  test('Tab leads to Approve and Enter presses it', async ({ open }) => {
    const { page: local, wait, stateDir } = localFixture()
    const code = wait()
    const { page } = await open()
    await page.goto(await local.keyLinkFor(code))
    expect(await tabTo(page, 'Approve')).toEqual([
      'Skip to the content',
      'Requests',
      'Decisions',
      'Passkeys',
      'Go to the decision',
      'Table: hosts',
    ])
    await page.keyboard.press('Enter')
    await page.getByText('on the approval page').waitFor()
    expect(findCall(stateDir, code)?.state).toBe('approved')
  })

  test('links on the page lead past the long part, and a frame is scrolled by the arrows', async ({
    open,
  }) => {
    const { page: local, wait, stateDir } = localFixture()
    const rows = [['1', ...Array.from({ length: 30 }, () => 'a wide cell')]]
    const columns = rows[0]?.map((_, at) => `column ${at}`) ?? []
    const preview: Preview = {
      facts: { headline: 'Wide', warnings: [], blocks: [{ label: 'hosts', columns, rows }] },
      notes: [],
    }
    const code = wait(undefined, preview)
    const { page } = await open()
    await page.goto(await local.keyLinkFor(code))
    await tabTo(page, 'Go to the decision')
    await page.keyboard.press('Enter')
    expect(await tabTo(page, 'Approve')).toEqual([])
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('ArrowRight')
    await expect.poll(() => page.evaluate('document.activeElement.scrollLeft')).toBeGreaterThan(0)
    await tabTo(page, 'Decline')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing was sent.').waitFor()
    expect(findCall(stateDir, code)?.state).toBe('declined')
  })
})

describe('without JavaScript', () => {
  /** A desktop on which nothing opens but what the test opens. */
  function desktopOf(opened: string[]): Desktop {
    const environment = { DISPLAY: ':0' }
    const start: Desktop['start'] = async (_command, args) => {
      opened.push(...args)
      return true
    }
    return { platform: 'linux', environment, home: undefined, start }
  }

  test.for([
    ['Approve', 'approved', /^Approved on the approval page/],
    ['Decline', 'declined', /^Declined on the approval page/],
  ] as const)('%s is a button of a form', async ([label, state, says], { open }) => {
    const opened: string[] = []
    const { page: local, wait, stateDir } = localFixture({ desktop: desktopOf(opened) })
    const code = wait()
    await local.openInBrowser(code)
    const [file = ''] = opened
    const { page, traffic } = await open({ javaScript: false })
    await page.goto(`file://${file}`)
    await press(page, 'Open the approval page')
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(existsSync(file)).toBe(false)
    await press(page, label)
    expect(await stateOn(page)).toMatch(says)
    expect(findCall(stateDir, code)?.state).toBe(state)
    await press(page, 'Requests')
    await page.getByRole('heading', { name: 'Decided in the last minutes' }).waitFor()
    expect(traffic.errors).toEqual([])
  })

  test('the page says that a passkey needs it', async ({ open }) => {
    const { page: local } = localFixture()
    const link = new URL(await local.keyLinkFor(''))
    link.pathname = '/passkeys'
    const { page } = await open({ javaScript: false })
    await page.goto(link.href)
    // By its element: Playwright looks for no text in it.
    expect(await page.locator('noscript p').innerText()).toBe(
      'A passkey needs JavaScript, which is switched off in this browser.',
    )
    expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
  })
})

test('2,000 hosts are all there, and the page decides as ever', async ({ open }) => {
  const { page: local, wait, stateDir } = localFixture()
  const rows = Array.from({ length: 2_000 }, (_, at) => [String(21_789_601 + at), `host-${at}`, 'Linux'])
  const preview: Preview = {
    facts: {
      headline: 'Run a script on hosts (execute): 2,000 hosts, 1 script',
      warnings: [],
      blocks: [{ label: 'hosts', columns: ['id', 'name', 'platform'], rows }],
    },
    notes: [],
  }
  const code = wait(undefined, preview)
  const { page, traffic } = await open()
  await page.goto(await local.keyLinkFor(code))
  const shown = await page.locator('tbody').innerText()
  expect(shown.split('\n')).toEqual(rows.map((cells) => cells.join('\t')))
  expect(await accessibilityFaults(page)).toEqual([])
  await press(page, 'Approve')
  expect(await stateOn(page)).toMatch(/^Approved/)
  expect(findCall(stateDir, code)?.state).toBe('approved')
  expect(traffic.errors).toEqual([])
})
