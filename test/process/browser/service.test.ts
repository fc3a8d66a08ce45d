import { expect } from 'vitest'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { accessibilityFaults } from '../../support/browser/accessibility.ts'
import { press, stateOn } from '../../support/browser/person.ts'
import { codeIn, linkIn, programTest as test } from '../../support/browser/program/program.ts'
import { logIn, openPageService, type PageService } from '../../support/browser/program/service.ts'
import { execute, run } from '../../support/consent/calls.ts'
import type { Entry } from '../../support/service/callers.ts'

// The page of the built service in Chromium: people log in with the tokens of a callers file.

const callers: Readonly<Record<string, Entry>> = {
  ada: { role: 'operator', person: 'Ada' },
  eve: { role: 'approver', person: 'Eve' },
  kim: { role: ['operator', 'approver'], person: 'Kim' },
}

/** The link to a call of somebody, which waits. */
const askAs = async (service: PageService, name: string): Promise<string> =>
  linkIn(await service.client(name).call(execute, run))

test('a person logs in, approves what another one asks, and logs out', async ({ sandbox, open, effects }) => {
  await sandbox.control.reset()
  const service = await openPageService(sandbox, callers)
  const link = await askAs(service, 'ada')
  expect(link.startsWith(`${service.origin}/approve/`)).toBe(true)
  const { page, context, traffic } = await open()
  await page.goto(link)
  expect(await page.title()).toBe('Log in · qualys-mcp')
  expect(await accessibilityFaults(page)).toEqual([])
  await logIn(page, 'eve')
  await page.waitForURL(link)
  const cookies = await context.cookies()
  expect(cookies.map(({ name }) => name).sort()).toEqual(['__Host-qualys', '__Host-qualys-login'])
  for (const cookie of cookies)
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax' })
  expect(await page.getByText('the assistant of Ada').innerText()).toBe(
    'the assistant of Ada (caller http:ada)',
  )
  expect(await accessibilityFaults(page)).toEqual([])
  const told = service.client('ada').call(execute, run)
  await press(page, 'Approve')
  expect(await stateOn(page)).toMatch(/^Approved by Eve on the approval page/)
  expect(await told).toMatchObject({ isError: false })
  expect(await effects()).toBe(1)
  await page.getByRole('link', { name: 'Look again' }).click()
  expect(await stateOn(page)).toMatch(/^Run .+ UTC, approved by Eve on the approval page\. /)
  for (const name of ['Requests', 'Decisions', 'Passkeys']) {
    await page.getByRole('link', { name, exact: true }).click()
    await page.getByRole('heading', { name, level: 1 }).waitFor()
    expect(await accessibilityFaults(page)).toEqual([])
  }

  await page.getByRole('link', { name: 'Log out' }).click()
  await press(page, 'Log out')
  await page.getByText('You are logged out').waitFor()
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('__Host-qualys')
  await page.goto(link)
  expect(await page.title()).toBe('Log in · qualys-mcp')
  expect(traffic.errors).toEqual([])
  expect(traffic.outside(service.origin)).toEqual([])
})

test('four eyes: who asks has no button, whoever else has the role decides', async ({
  sandbox,
  open,
  effects,
}) => {
  await sandbox.control.reset()
  const service = await openPageService(sandbox, callers, { QUALYS_FOUR_EYES: 'execute' })
  const link = await askAs(service, 'kim')
  const own = await open()
  await own.page.goto(link)
  await logIn(own.page, 'kim')
  await own.page.getByText('Another person has to decide this call: you asked for it yourself').waitFor()
  expect(await own.page.getByRole('button', { name: /Approve|Decline/ }).count()).toBe(0)
  const other = await open()
  await other.page.goto(link)
  await logIn(other.page, 'eve')
  await press(other.page, 'Decline')
  expect(await stateOn(other.page)).toMatch(/^Declined by Eve on the approval page/)
  await own.page.reload()
  expect(await stateOn(own.page)).toMatch(/^Declined by Eve/)
  const again = await askAs(service, 'kim')
  await other.page.goto(again)
  await press(other.page, 'Approve')
  expect(findCall(service.folder, codeIn(again))?.state).toBe('approved')
  expect(await service.client('kim').call(execute, run)).toMatchObject({ isError: false })
  expect(await effects()).toBe(1)
})
