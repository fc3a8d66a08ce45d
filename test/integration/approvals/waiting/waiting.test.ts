import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect } from 'vitest'
import { openLocalServer } from '../../../support/approvals/local-server.ts'
import { type WaitingCall, waitingClients } from '../../../support/approvals/waiting-clients.ts'
import { consentTest as test } from '../../../support/consent/fixtures.ts'
import { clone, cloneOf, sentWith } from '../../../support/forged/attacks.ts'

// A call that waits for a person: what it says meanwhile, and how it ends.

/** Waits until a call has told what it waits for. */
const isWaiting = (call: WaitingCall): Promise<unknown> =>
  expect.poll(call.news, { interval: 20 }).toContain('waiting for a person')

/** Longer than a waiting call leaves between two looks at what was decided. */
const longerThanALook = 300

describe.each(Object.entries(waitingClients))('%s: a waiting call', (name, open) => {
  test('says what it waits for, with the link and without the page key, and runs with the yes', async ({
    sandbox,
  }) => {
    const client = await open(sandbox)
    const title = `waits over ${name}`
    const code = await client.ask(title)
    const call = client.wait(title)
    await isWaiting(call)
    expect(call.news()).toMatch(new RegExp(`waiting for a person: https?://[a-z.]+(:\\d+)?/approve/${code}"`))
    expect(call.news()).not.toContain('key=')
    expect(await sentWith(sandbox, title)).toBe(0)
    expect((await client.decide(code)).status).toBe(200)
    expect((await call.ended)?.isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
    expect(client.stateOf(code)).toBe('used')
  })

  test('ends with the no', async ({ sandbox }) => {
    const client = await open(sandbox)
    const title = `declined over ${name}`
    const code = await client.ask(title)
    const call = client.wait(title)
    await isWaiting(call)
    await client.decide(code, 'decline')
    expect((await call.ended)?.text).toBe(
      'A person said no on the approval page, so nothing was sent. Do not ask again unless the person wants it.',
    )
    expect(await sentWith(sandbox, title)).toBe(0)
  })

  test('that its client gives up waits no longer; the question stays, and a later yes runs the next identical call', async ({
    sandbox,
  }) => {
    const client = await open(sandbox)
    const title = `given up over ${name}`
    const code = await client.ask(title)
    const call = client.wait(title)
    await isWaiting(call)
    call.cancel()
    expect(await call.ended).toBeUndefined()
    const lastOf = () => client.events().at(-1)
    await expect.poll(lastOf, { interval: 20 }).toMatchObject({
      event: 'refused',
      facts: { kind: 'cancelled', why: 'the call ended while a person was asked' },
    })
    expect(client.stateOf(code)).toBe('pending')
    expect((await client.decide(code)).status).toBe(200)
    await pause(longerThanALook)
    expect([client.stateOf(code), await sentWith(sandbox, title)]).toEqual(['approved', 0])
    expect((await client.call(title)).isError).toBe(false)
    expect(await sentWith(sandbox, title)).toBe(1)
  })

  test('of two identical ones, one runs with the yes, and the other is told', async ({ sandbox }) => {
    const client = await open(sandbox)
    const title = `two over ${name}`
    const code = await client.ask(title)
    const calls = [client.wait(title), client.wait(title)]
    for (const call of calls) await isWaiting(call)
    await client.decide(code)
    const told = await Promise.all(calls.map(({ ended }) => ended))
    expect(await sentWith(sandbox, title)).toBe(1)
    expect(told.filter((one) => one?.isError === false)).toHaveLength(1)
    const other = told.find((one) => one?.isError)
    // Asked anew, if it looked when the other one had been sent.
    expect(other?.text).toMatch(
      /used by another call meanwhile; nothing was sent|^A person has to approve this/,
    )
    expect(other?.text).not.toContain(code)
  })

  test('ends at once when the program ends, and nothing is sent', async ({ sandbox }) => {
    const client = await open(sandbox)
    const title = `ending over ${name}`
    const code = await client.ask(title)
    const call = client.wait(title)
    await isWaiting(call)
    client.tellEnd()
    expect((await call.ended)?.text).toMatch(/nothing was sent/)
    expect(client.stateOf(code)).toBe('pending')
    expect(await sentWith(sandbox, title)).toBe(0)
  })
})

test('a call that waited when its program ended runs after a restart, with the yes that came meanwhile', async ({
  sandbox,
}) => {
  const open = waitingClients['stdio, 2025']
  if (!open) throw new Error('There is no such client.')
  const client = await open(sandbox)
  const title = 'ended and started again'
  const code = await client.ask(title)
  const call = client.wait(title)
  await isWaiting(call)
  client.tellEnd()
  await call.ended
  expect((await client.decide(code)).status).toBe(200)
  expect((await client.call(title)).text).toMatch(/^qualys-mcp is ending, so nothing was sent\./)
  expect(await sentWith(sandbox, title)).toBe(0)
  const again = await openLocalServer(sandbox, 'modern', { capabilities: {}, stateDir: client.stateDir })
  expect((await again.client.call(clone, cloneOf(title))).isError).toBe(false)
  expect(await sentWith(sandbox, title)).toBe(1)
})
