import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countTokens } from '../../programs/token-counter.ts'
import { environmentFor } from '../../support/environment.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { generations, type Peer, textOf } from '../../support/stdio/peers.ts'

const folders: string[] = []

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

async function openLargeSandbox(): Promise<TestSandbox> {
  const sandbox = await openSandbox({ assets: 2_600 })
  await sandbox.control.knobs({
    ...{ offlineShare: 0, hostSeconds: 1, jobDelayMs: 50, executionOutcome: 'succeeded' },
  })
  return sandbox
}

/** 2,000 hosts on which nothing forbids a run, and a script that may run. */
async function targets({ control }: TestSandbox) {
  const blocked = new Set((await control.dump('blocked-assets')).map(({ id }) => id))
  const blockedTags = (await control.dump('blocked-tags')).map(({ tagId }) => String(tagId))
  const mayRun = ({ id, tags }: Record<string, unknown>): boolean =>
    !blocked.has(id) && !blockedTags.some((tag) => JSON.stringify(tags).includes(`"id":"${tag}"`))
  const hosts = (await control.dump('assets')).filter(mayRun).slice(0, 2_000)
  const script = (await control.dump('scripts')).find(({ status }) => status === 'APPROVED')
  return { hosts: hosts.map(({ id }) => String(id)), scriptId: String(script?.['id']) }
}

/** The texts of all replies: what a model reads. */
async function rollOut(peer: Peer, sandbox: TestSandbox): Promise<readonly string[]> {
  const { hosts, scriptId } = await targets(sandbox)
  const read: string[] = []
  const call = async (name: string, args: Record<string, unknown>): Promise<string> => {
    const text = textOf(await peer.callTool({ name, arguments: args }))
    read.push(text)
    return text
  }
  const proposed = await call('car_plan_rollout', {
    scriptId,
    fleet: { assetIds: hosts },
    waves: [
      { name: 'lab', assetIds: hosts.slice(0, 5) },
      { name: 'canary', share: '1%' },
      { name: 'early', share: '10%' },
      { name: 'half', share: '50%' },
      { name: 'rest', rest: true },
    ],
    stopAfter: { wave: '5%', all: '5%' },
  })
  const planId = /rollout ([A-Z0-9]{8})/.exec(proposed)?.[1]
  for (let last = proposed; /: running/.test(last); )
    last = await call('car_get_rollout', { planId, waitSeconds: 55 })
  return read
}

// The oldest client and the newest: each has a sandbox of its own.
test.concurrent.each(['sdk 1.x', 'client 2.x, 2026 era'] as const)(
  '%s rolls out over 2,000 hosts in five waves, and reads less than 900 tokens',
  async (name) => {
    const sandbox = await openLargeSandbox()
    const stateDir = mkdtempSync(join(tmpdir(), 'qualys-plans-'))
    folders.push(stateDir)
    const questions: string[] = []
    const answer = async (question: string) => {
      questions.push(question)
      return { action: 'accept' as const, content: { approve: true } }
    }
    const connect = generations[name]
    if (!connect) throw new Error(`there is no ${name}`)
    const peer = await connect(
      environmentFor(sandbox, {
        QUALYS_MAX_ASSETS_PER_RUN: '1000',
        QUALYS_MAX_ASSETS_PER_PLAN: '2000',
        QUALYS_STATE_DIR: stateDir,
        QUALYS_OPEN_BROWSER: 'never',
      }),
      { shows: 'forms', answer },
    )
    try {
      const read = await rollOut(peer, sandbox)
      expect(read.at(-1)).toMatch(/: done/)
      expect(read.reduce((sum, text) => sum + countTokens(text), 0)).toBeLessThan(900)
      // One approval covers all waves.
      expect(questions).toHaveLength(1)
      const runs = await sandbox.control.dump('executions')
      expect(runs).toHaveLength(5)
      const reached = runs.flatMap(({ assetIds }) => assetIds as number[])
      expect(new Set(reached).size).toBe(2_000)
      expect(reached).toHaveLength(2_000)
    } finally {
      await peer.close()
      await sandbox.close()
    }
  },
  120_000,
)
