import { describe, expect } from 'vitest'
import type { LocalPageOptions } from '../../../src/tools/effects/approval/page/local/local-page.ts'
import type { Way } from '../../../src/tools/effects/approval/pending/stored-call.ts'
import type { Preview } from '../../../src/tools/effects/preview/preview.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { becomes, pinnedKeys, widePreview } from '../../support/browser/shown.ts'
import { expectSound } from '../../support/browser/sound-page.ts'
import { localFixture } from '../../support/page/local.ts'

// The page of a call in Chromium: light and dark, wide and narrow.

/** A call of its page: how it is approved, who looks, and what the page says. */
interface CallView {
  readonly ways?: readonly Way[]
  readonly preview?: Preview
  readonly options?: () => Partial<LocalPageOptions>
  readonly byLink?: boolean
  readonly became?: keyof typeof becomes
  readonly says: string
}

const calls: Readonly<Record<string, CallView>> = {
  'that waits': { says: 'You approve exactly the facts above' },
  'that waits, by its link': { byLink: true, says: 'You came by the link' },
  'with texts that want more room': { preview: widePreview, says: 'Not part of what you approve' },
  'for passkeys': { ways: ['passkey'], options: pinnedKeys, says: 'Only a passkey counts' },
  'for passkeys, by its link': {
    ways: ['passkey'],
    options: pinnedKeys,
    byLink: true,
    says: 'so only a passkey',
  },
  'for passkeys of which there is none': {
    ways: ['passkey'],
    says: 'No passkey is registered for localhost',
  },
  'that is approved': { became: 'approved', says: 'It runs with the call that waits for it' },
  'that is declined': { became: 'declined', says: 'by Anna Berg in a terminal' },
  'that has run': { became: 'run', says: 'It was sent, and Qualys took it.' },
}

describe('a call', () => {
  test.for(Object.entries(calls))('%s', async ([, view], { open }) => {
    const fixture = localFixture(view.options?.())
    const code = fixture.wait(view.ways, view.preview)
    if (view.became !== undefined) becomes[view.became]?.(fixture, code)
    const link = view.byLink ? await fixture.page.linkFor(code) : await fixture.page.keyLinkFor(code)
    const { page, traffic } = await open()
    await page.goto(link)
    await page.getByText(view.says).first().waitFor()
    await expectSound(page)
    expect(traffic.outside(new URL(link).origin)).toEqual([])
    expect(traffic.errors).toEqual([])
  })
})
