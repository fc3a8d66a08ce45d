import { expect } from 'vitest'
import type { TestSandbox } from '../sandbox.ts'

/** An approved script without parameters, and hosts of its platform. */
export interface RunObjects {
  readonly scriptId: string
  readonly title: string
  readonly hosts: readonly { readonly id: string; readonly name: string }[]
}

/** What runs of the sandbox may be started with: the script at this place among those that can run. */
export async function runObjects({ control }: TestSandbox, at = 0): Promise<RunObjects> {
  const scripts = (await control.dump('scripts')).filter(
    ({ status, hasParameters }) => status === 'APPROVED' && !hasParameters,
  )
  const script = scripts[at]
  const hosts = (await control.dump('assets')).filter(({ platform }) => platform === script?.['platform'])
  return {
    scriptId: String(script?.['id']),
    title: String(script?.['title']),
    hosts: hosts.map(({ id, name }) => ({ id: String(id), name: String(name) })),
  }
}

/** Lets time pass in the sandbox. */
export async function advance({ gatewayUrl }: TestSandbox, seconds: number): Promise<void> {
  const answer = await fetch(`${gatewayUrl}/_sandbox/advance`, {
    method: 'POST',
    body: JSON.stringify({ seconds }),
  })
  expect(answer.ok).toBe(true)
}

/** Starts a run through the API, and returns its job id. */
export async function startRun(
  sandbox: TestSandbox,
  scriptId: string,
  assetIds: readonly string[],
): Promise<string> {
  const { gatewayUrl, username, password, control } = sandbox
  const login = await fetch(`${gatewayUrl}/auth`, {
    method: 'POST',
    body: new URLSearchParams({ username, password, token: 'true' }),
  })
  const answer = await fetch(`${gatewayUrl}/sm/v1/scripts/${scriptId}/execute`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await login.text()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ assetIds: assetIds.join(',') }),
  })
  expect(answer.ok, await answer.clone().text()).toBe(true)
  const { correlationUuid } = ((await answer.json()) as { body: { correlationUuid: string } }).body
  await advance(sandbox, 5)
  const jobs = await control.dump('jobs')
  return String(jobs.find((job) => job['correlationUuid'] === correlationUuid)?.['id'])
}
