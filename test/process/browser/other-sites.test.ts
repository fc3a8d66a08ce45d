import { describe, expect, onTestFinished } from 'vitest'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { approveCode } from '../../support/approvals/decisions.ts'
import { reboundName } from '../../support/browser/chromium.ts'
import { browserTest as test } from '../../support/browser/fixtures.ts'
import { press, stateOn } from '../../support/browser/person.ts'
import { type Site, serveSite } from '../../support/browser/site.ts'
import { localFixture } from '../../support/page/local.ts'

// The approval page in a browser that also shows pages of others, and in several tabs.

/** A page of somebody else, on another port of this machine. */
async function openOther(body: string): Promise<Site> {
  const site = await serveSite({ '/': `<!doctype html><title>Win a prize</title>${body}` })
  onTestFinished(site.close)
  return site
}

/** The same page under the name that shares its site with the approval page, and under one that does not. */
const originsOf = ({ origin, addressOrigin }: Site): readonly string[] => [origin, addressOrigin]

describe('a page of somebody else', () => {
  test('shows it in no frame', async ({ open }) => {
    const { page: local, wait } = localFixture()
    const link = await local.keyLinkFor(wait())
    const other = await openOther(
      `<iframe src="${link}"></iframe><object data="${link}"></object><embed src="${link}">`,
    )
    for (const origin of originsOf(other)) {
      const { page, context } = await open()
      const answers: number[] = []
      context.on('response', (response) => {
        if (response.url() === link) answers.push(response.status())
      })
      await page.goto(origin)
      await expect.poll(() => answers).toEqual([403, 403, 403])
    }
  })

  test('loads nothing of it', async ({ open }) => {
    const { page: local, wait } = localFixture()
    const link = await local.linkFor(wait())
    const { origin: own } = new URL(link)
    const other = await openOther('')
    for (const origin of originsOf(other)) {
      const { page } = await open()
      await page.goto(origin)
      for (const [kind, address] of [
        ['img', link],
        ['script', `${own}/page.js`],
        ['link', `${own}/page.css`],
      ])
        expect(
          await page.evaluate(`new Promise((resolve) => {
            const element = document.createElement('${kind}')
            element.rel = 'stylesheet'
            element.onload = () => resolve('loaded')
            element.onerror = () => resolve('refused')
            element.src = element.href = '${address}'
            document.body.append(element)
          })`),
          kind,
        ).toBe('refused')
      const read = `fetch('${link}').then((answer) => answer.text()).catch((error) => error.name)`
      expect(await page.evaluate(read)).toBe('TypeError')
    }
  })

  test('decides nothing by a form', async ({ open }) => {
    const { page: local, wait, stateDir } = localFixture()
    const code = wait()
    const person = await open()
    await person.page.goto(await local.keyLinkFor(code))
    const form = person.page.locator('form.choices')
    const [key, token] = await Promise.all(
      ['key', 'token'].map((name) => form.locator(`input[name=${name}]`).inputValue()),
    )
    // With everything in it that is right: it is the page that it comes from which is not.
    const other = await openOther(
      `<form method="post" action="${person.page.url()}"><input name="key" value="${key}">
       <input name="token" value="${token}"><button name="decision" value="approve">Win</button></form>`,
    )
    for (const origin of originsOf(other)) {
      await person.page.goto(origin)
      await press(person.page, 'Win')
      await person.page.getByText('This comes from another page').waitFor()
    }
    expect(findCall(stateDir, code)?.state).toBe('pending')
  })

  test('leads to it, and keeps no hold of its window', async ({ open }) => {
    const { page: local, wait } = localFixture()
    const link = await local.linkFor(wait())
    const other = await openOther(`<a href="${link}">A request</a>`)
    const { page, context } = await open()
    await page.goto(other.addressOrigin)
    const [opened] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate(`void (window.held = window.open('${link}'))`),
    ])
    expect(await stateOn(opened)).toMatch(/^Waiting/)
    expect(await opened.evaluate('window.opener')).toBe(null)
    expect(await page.evaluate('window.held.closed')).toBe(true)
    await page.getByRole('link', { name: 'A request' }).click()
    expect(await stateOn(page)).toMatch(/^Waiting/)
  })
})

test('under another name of this machine there is no page', async ({ open }) => {
  const { page: local, wait } = localFixture()
  const link = await local.keyLinkFor(wait())
  const { page } = await open()
  for (const name of ['127.0.0.1', '[::1]', reboundName]) {
    await page.goto(link.replace('localhost', name))
    await page.getByText('with exactly this name and port').waitFor()
    expect(await page.getByRole('button').count()).toBe(0)
  }
})

test('the page key leaves the address at once, and Back shows no old page', async ({ open }) => {
  const { page: local, wait, stateDir } = localFixture()
  const code = wait()
  const { page, traffic } = await open()
  await page.goto(await local.keyLinkFor(code))
  expect(page.url()).toMatch(new RegExp(`/approve/${code}$`))
  await press(page, 'Approve')
  expect(await stateOn(page)).toMatch(/^Approved/)
  await page.goBack()
  expect(page.url()).toMatch(new RegExp(`/approve/${code}$`))
  expect(await stateOn(page)).toMatch(/^Approved/)
  expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0)
  expect(findCall(stateDir, code)?.state).toBe('approved')
  expect(traffic.requests.filter((url) => url.includes('key='))).toHaveLength(1)
})

test('a page that was shown before is asked for again', async ({ open }) => {
  const { page: local, wait, stateDir } = localFixture()
  const code = wait()
  const link = await local.linkFor(code)
  const { page, context } = await open()
  await page.goto(link)
  expect(await stateOn(page)).toMatch(/^Waiting/)
  expect(approveCode(stateDir, code)).toBe(true)
  const other = await context.newPage()
  await other.goto(link)
  expect(await stateOn(other)).toMatch(/^Approved/)
})

test('of a yes and a no in two tabs, the first one counts and the other one is told', async ({ open }) => {
  const { page: local, wait, stateDir } = localFixture()
  const code = wait()
  const { page: first, context } = await open()
  const second = await context.newPage()
  for (const page of [first, second]) await page.goto(await local.keyLinkFor(code))
  await press(first, 'Decline')
  expect(await stateOn(first)).toMatch(/^Declined/)
  await press(second, 'Approve')
  await second.getByText('This request was decided already, so this changed nothing.').waitFor()
  expect(await stateOn(second)).toMatch(/^Declined/)
  expect(findCall(stateDir, code)?.state).toBe('declined')
})

test('a browser that closes decides nothing', async ({ open }) => {
  const { page: local, wait, stateDir } = localFixture()
  const code = wait()
  const { page, context } = await open()
  const link = await local.keyLinkFor(code)
  await page.goto(link)
  await context.close()
  expect(findCall(stateDir, code)?.state).toBe('pending')
  const again = await open()
  await again.page.goto(link)
  await press(again.page, 'Approve')
  expect(await stateOn(again.page)).toMatch(/^Approved/)
})
