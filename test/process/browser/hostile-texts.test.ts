import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openPasskeys } from '../../../src/tools/effects/approval/page/passkeys/passkeys.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { temporaryFolder } from '../../support/consent/raw-client.ts'
import { localFixture } from '../../support/page/local.ts'
import { pinned, softwareKey } from '../../support/passkeys/software-key.ts'

// Texts of others that a browser would take for something else: they are shown as they are.

const hostile = [
  '<script>document.title = "HIT"</script>',
  '<img src=x onerror="document.title = \'HIT\'">',
  '"><form action="https://evil.example"><button name=decision value=approve>Approve</button></form>',
  '</code></li></ol></td></table></section><h1>Approved</h1>',
  "' autofocus onfocus='document.title=`HIT`' x='",
  '<a href="javascript:document.title=\'HIT\'">Approve</a>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<link rel=stylesheet href=https://evil.example/a.css><style>*{display:none}</style>',
  '<base href=https://evil.example/>',
  '&lt;b&gt; &amp;amp; &#60;script&#62;',
  '<!-- --!> ]]> <![CDATA[',
  '{{7*7}} <%= 7*7 %>',
] as const

/** What is not seen as it is, and what stands for it. */
const unseen = [
  ['txt\u202egnp.exe', '\\u{202e}'],
  ['paypal\u200b.com', '\\u{200b}'],
  ['a\u2028b', '\\u{2028}'],
  ['a\u0000b', '\\u{0}'],
  ['a\tb', '\\t'],
] as const

const all = [...hostile, ...unseen.map(([text]) => text)]

const preview: Preview = {
  facts: {
    headline: `Run a script on hosts (execute): ${hostile.join(' ')}`,
    warnings: hostile,
    blocks: [
      ...hostile,
      { text: hostile.join(' '), depth: 1 },
      ...all.map((text) => ({ label: 'title', values: [text] })),
      { label: hostile[0], values: all },
      { label: hostile[3], columns: [...hostile], rows: [[...hostile], [...hostile]] },
      { label: 'names', columns: [], rows: all.map((text) => [text]) },
      {
        excerpt: [],
        lines: [...hostile],
        difference: {
          summary: hostile.join(' '),
          lineCount: 2,
          rows: [{ sign: '+', number: 1, lines: [...hostile] }, hostile[0]],
        },
        script: all.map((text) => text.replace('\u2028', '')).join('\n'),
      },
    ],
  },
  notes: hostile,
}

const count = (page: Page, selector: string): Promise<number> => page.locator(selector).count()

/** Everything is there as text, and nothing as what it would like to be. */
async function expectText(page: Page, texts: readonly string[]): Promise<void> {
  const shown = await page.locator('main').innerText()
  for (const text of texts) expect(shown.replace(/\s+/g, ' ')).toContain(text.replace(/\s+/g, ' '))
  expect(await page.title()).toMatch(/ · qualys-mcp$/)
  for (const selector of [
    'img',
    'main script',
    'base',
    'style',
    'main link',
    'meta[http-equiv]',
    'a[href^=java]',
  ])
    expect(await count(page, selector), selector).toBe(0)
  expect(await count(page, 'h1')).toBe(1)
  expect(await count(page, 'form[action^=http], [onfocus], [onerror], [autofocus]')).toBe(0)
}

test('of hosts, scripts and titles, in what is approved', async ({ open }) => {
  const { page: local, wait } = localFixture()
  const link = await local.keyLinkFor(wait(undefined, preview))
  const { page, traffic } = await open()
  await page.goto(link)
  await expectText(page, hostile)
  for (const [, stands] of unseen)
    expect(await page.locator('b.x').getByText(stands, { exact: true }).count()).toBeGreaterThan(1)
  // One to approve and one to decline, however many were in the texts.
  expect(await count(page, 'button[name=decision]')).toBe(2)
  await page.getByRole('button', { name: 'Decline', exact: true }).click()
  await page.getByText('Nothing was sent.').waitFor()
  await expectText(page, hostile)
  await page.getByRole('button', { name: 'Requests' }).click()
  await page.getByText('Decided in the last minutes').first().waitFor()
  await expectText(page, hostile.slice(0, 3))
  expect(traffic.outside(new URL(link).origin)).toEqual([])
  expect(traffic.errors).toEqual([])
})

test('of people and of the audit log, in the lists', async ({ open }) => {
  const stateDir = temporaryFolder()
  const path = join(stateDir, 'passkeys.json')
  const key = softwareKey()
  const passkeys = hostile.map((person, at) => ({
    ...pinned(key, { person, rpId: 'localhost', origin: 'http://localhost:1', label: hostile[0] }),
    credentialId: Buffer.from(`key ${at}`).toString('base64url'),
  }))
  writeFileSync(path, JSON.stringify({ passkeys }))
  const decisions = hostile.map((text) => ({
    at: text,
    decision: 'approved' as const,
    tool: text,
    effect: text,
    headline: text,
    by: text,
    outcome: text,
  }))
  const { page: local, wait } = localFixture({
    passkeys: openPasskeys({ path, stateDir }),
    decisions: async () => decisions,
  })
  const link = new URL(await local.keyLinkFor(wait()))
  const { page, traffic } = await open()
  for (const list of ['/decisions', '/passkeys']) {
    link.pathname = list
    await page.goto(link.href)
    await expectText(page, hostile)
  }
  expect(traffic.outside(link.origin)).toEqual([])
  expect(traffic.errors).toEqual([])
})
