import { openSandbox, type TestSandbox } from '../support/sandbox.ts'

// The rollout of the demo's second act: a canary that fails, a mend, and the rest of the fleet.

/** What the act needs of the demo: how a call is shown, and what it expects. */
export interface Stage {
  readonly show: (
    title: string,
    tool: string,
    args: Record<string, unknown>,
  ) => Promise<{ readonly text: string }>
  readonly expect: (holds: boolean, what: string) => void
}

/** Settings under which rollouts are allowed. */
export const rolloutSettings = { QUALYS_MAX_ASSETS_PER_PLAN: '50' } as const

/** A sandbox in which the second of three runs fails on half of its hosts, and nothing takes long. */
export async function openRolloutSandbox(): Promise<TestSandbox> {
  const sandbox = await openSandbox()
  await sandbox.control.knobs({
    offlineShare: 0,
    hostSeconds: 1,
    jobDelayMs: 50,
    executionOutcome: 'succeeded',
  })
  await sandbox.control.failures([0, 0.5, 0])
  return sandbox
}

/** The id of its language. */
const shell = 508

/** A script that may run and that no schedule runs, and hosts of its platform on which nothing forbids it. */
async function chooseTargets({ control }: TestSandbox): Promise<{ scriptId: string; hosts: string[] }> {
  const dump = (name: string) => control.dump(name)
  const [scripts, schedules, assets, blocked] = [
    await dump('scripts'),
    JSON.stringify(await dump('schedules')),
    await dump('assets'),
    await dump('blocked-assets'),
  ]
  const blockedTags = (await dump('blocked-tags')).map(({ tagId }) => `"id":"${String(tagId)}"`)
  const script = scripts.find(
    ({ id, status, platform, languageId }) =>
      status === 'APPROVED' &&
      platform === 'LINUX' &&
      languageId === shell &&
      !schedules.includes(String(id)),
  )
  const mayRun = ({ id, platform, tags }: Record<string, unknown>): boolean =>
    platform === 'LINUX' &&
    !blocked.some((one) => one['id'] === id) &&
    !blockedTags.some((tag) => JSON.stringify(tags).includes(tag))
  return {
    scriptId: String(script?.['id']),
    hosts: assets
      .filter(mayRun)
      .slice(10, 40)
      .map(({ id }) => String(id)),
  }
}

const mended = `#!/bin/sh
# Mended: the package may be missing.
command -v telnet > /dev/null || exit 0
echo "telnet is installed"
`

/** Rolls a script out over three waves. */
export async function rollOut(sandbox: TestSandbox, { show, expect }: Stage): Promise<void> {
  const { scriptId, hosts } = await chooseTargets(sandbox)
  const planned = await show(
    'On a fleet in three waves: a person approves the whole plan',
    'car_plan_rollout',
    {
      scriptId,
      fleet: { assetIds: hosts },
      waves: [{ name: 'lab', assetIds: hosts.slice(0, 3) }, { name: 'canary', share: '30%' }, { rest: true }],
      stopAfter: { wave: '25%' },
    },
  )
  const planId = /rollout ([A-Z0-9]{8})/.exec(planned.text)?.[1]
  expect(planId !== undefined, 'the id of the rollout')

  /** Waits until the rollout is in one of these phases. */
  const follow = async (title: string, phases: RegExp): Promise<string> => {
    for (;;) {
      const { text } = await show(title, 'car_get_rollout', { planId, waitSeconds: 30 })
      if (phases.test(text)) return text
      expect(/: running/.test(text), 'a rollout that goes on')
    }
  }
  const held = await follow('It runs by itself', /: (held|done)/)
  expect(/Held \(failures\)/.test(held), 'a rollout that the canary holds')

  await show('The script is mended', 'car_update_script', {
    scriptId,
    content: mended,
    comment: 'The package may be missing',
  })
  const resumed = await show('And the rollout goes on, with the new content', 'car_resume_rollout', {
    planId,
  })
  expect(/: running/.test(resumed.text), 'a rollout that goes on')
  const done = await follow('To the end', /: (held|done)/)
  expect(/: done/.test(done), 'a rollout that is done')

  const [first, second] = [...done.matchAll(/job (\d+)/g)].slice(1).map(([, id]) => id)
  await show('What changed from the canary to the rest?', 'car_compare_runs', {
    jobIdA: first,
    jobIdB: second,
  })
}
