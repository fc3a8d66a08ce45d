import { describe, expect } from 'vitest'
import { SetupError } from '../../../src/shared/errors.ts'
import type { LocalPageOptions } from '../../../src/tools/effects/approval/page/local/local-page.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { becomes, pinnedKeys, widePreview } from '../../support/browser/shown.ts'
import { expectSound } from '../../support/browser/sound-page.ts'
import { localFixture } from '../../support/page/local.ts'
import { noPasskeys } from '../../support/page/page.ts'

// The lists and notices of the approval page in Chromium: light and dark, wide and narrow.

const decision = {
  at: '2026-11-29T20:00:00.000Z',
  decision: 'approved',
  tool: 'car_execute_script',
  effect: 'execute',
  headline: `Run a script on hosts (execute): ${'long'.repeat(30)}`,
  by: 'Anna Berg, on the approval page with a passkey',
  outcome: 'done',
} as const

interface ListView {
  readonly path: string
  readonly options?: () => Partial<LocalPageOptions>
  readonly calls?: boolean
  readonly says: string
}

const lists: Readonly<Record<string, ListView>> = {
  'nothing waits': { path: '/waiting', says: 'Nothing waits.' },
  'calls of all states': { path: '/waiting', calls: true, says: 'Decided in the last minutes' },
  'no audit log': { path: '/decisions', says: 'This server writes no audit log' },
  'no decision': {
    path: '/decisions',
    options: () => ({ decisions: async () => [] }),
    says: 'holds no decision yet',
  },
  decisions: {
    path: '/decisions',
    options: () => ({ decisions: async () => [decision, { ...decision, decision: 'declined' }] }),
    says: 'Anna Berg, on the approval page',
  },
  'no passkey': { path: '/passkeys', says: 'No passkey counts yet.' },
  passkeys: { path: '/passkeys', options: pinnedKeys, says: 'Anna Berg' },
  'passkeys that cannot be read': {
    path: '/passkeys',
    options: () => ({
      passkeys: {
        ...noPasskeys,
        list: () => {
          throw new SetupError('No passkey counts, since the file is no JSON.', 'Correct it.')
        },
      },
    }),
    says: 'since the file is no JSON',
  },
}

describe('a list', () => {
  test.for(Object.entries(lists))('%s', async ([, view], { open }) => {
    const fixture = localFixture(view.options?.())
    if (view.calls) {
      const codes = [undefined, widePreview, undefined, undefined].map((one) => fixture.wait(undefined, one))
      for (const [at, become] of Object.values(becomes).entries()) become(fixture, codes[at] ?? '')
    }
    const link = new URL(await fixture.page.keyLinkFor(''))
    link.pathname = view.path
    const { page, traffic } = await open()
    await page.goto(link.href)
    await page.getByText(view.says).first().waitFor()
    await expectSound(page)
    expect(traffic.outside(link.origin)).toEqual([])
    expect(traffic.errors).toEqual([])
  })
})

test('a notice', async ({ open }) => {
  const { page: local, wait } = localFixture()
  const link = await local.linkFor(wait())
  const { origin } = new URL(link)
  const { page, traffic } = await open()
  for (const [path, says] of [
    ['/approve/ABCD-EFGH', 'There is no such request'],
    ['/waiting', 'This page is not open to links'],
    [`${new URL(link).pathname}?key=x`, 'This page is of another start of the program'],
    ['/nothing', 'There is no such page'],
  ]) {
    await page.goto(`${origin}${path}`)
    await page.getByRole('heading', { name: says ?? '' }).waitFor()
    await expectSound(page)
  }
  expect(traffic.outside(origin)).toEqual([])
})
