import { expect } from 'vitest'
import { findCall } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { keyForm } from '../approvals/local-person.ts'
import { type LocalServer, openLocalServer, stateFolderWith } from '../approvals/local-server.ts'
import { postForm, type Received } from '../page/local.ts'
import { pinned, softwareKey } from '../passkeys/software-key.ts'
import type { TestSandbox } from '../sandbox.ts'
import { askFor, type Forgery, sentWith, type Target, tryAll } from './attacks.ts'

// Requests to the approval page of this machine, each of which has to leave the call as it is.

export type Fields = Readonly<Record<string, string>>

/** A call that waits, its page, and what a person with the key would send. */
export interface Place {
  readonly server: LocalServer
  readonly target: Target
  readonly link: string
  readonly origin: string
  /** The key and the token of the page. */
  readonly form: Fields & { readonly key: string; readonly token: string }
  readonly yes: Fields
}

/** A call with a title that waits, on a server of its own. */
export async function openPlace(sandbox: TestSandbox, title: string): Promise<Place> {
  const key = pinned(softwareKey(), { person: 'Anna', rpId: 'localhost', origin: 'http://localhost:40123' })
  const server = await openLocalServer(sandbox, 'legacy', {
    capabilities: {},
    stateDir: stateFolderWith(key),
  })
  const target = await askFor(server, title)
  const { link, fields } = await keyForm(server, target.code)
  const form = { key: fields['key'] ?? '', token: fields['token'] ?? '' }
  expect(form.key).toMatch(/^[\w-]{43}$/)
  expect(form.token).not.toBe('')
  const { origin } = new URL(link)
  return { server, target, link, origin, form, yes: { ...form, decision: 'approve' } }
}

/** A request after which the call still waits; `statuses`: those of its answers that are right. */
export function attempt(
  { server, target }: Place,
  name: string,
  send: () => Promise<Received>,
  ...statuses: readonly number[]
): Forgery {
  return [
    name,
    async () => {
      const { status, body } = await send()
      expect(statuses, `${name}: ${status}`).toContain(status)
      expect(findCall(server.stateDir, target.code)?.state, name).toBe('pending')
      expect(body, name).not.toMatch(/<strong>Approved<\/strong>/)
    },
  ]
}

/** Tries them, and then what the person does: that runs once. */
export async function tryThenApprove(sandbox: TestSandbox, place: Place, attempts: readonly Forgery[]) {
  const { server, target, link, yes } = place
  const count = await tryAll(server, target, attempts)
  expect(await sentWith(sandbox, target.title)).toBe(0)
  expect((await postForm(link, yes)).status).toBe(200)
  expect((await target.callAgain()).isError).toBe(false)
  expect(await sentWith(sandbox, target.title)).toBe(1)
  return count
}
