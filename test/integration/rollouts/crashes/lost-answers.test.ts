import { expect } from 'vitest'
import type { WaveRun } from '../../../../src/tools/plans/state/plan-state.ts'
import { addressesOf, alteredPlatform } from '../../../support/effects/altered-platform.ts'
import { journalsIn, marksOf, truthAbout } from '../../../support/plans/crash-course.ts'
import { letDie } from '../../../support/plans/failpoints.ts'
import {
  goOn,
  linesIn,
  pass,
  propose,
  quickHosts,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../../support/plans/rollout-test.ts'
import type { Control, TestSandbox } from '../../../support/sandbox.ts'

// The run of a wave whose answer was lost, or whose request was never made: it is adopted if it is proved, and otherwise
// the rollout is held until a person says what is true.

const route = 'POST /sm/v1/scripts/{scriptId}/execute'

/** What a case looks like to those who prove. */
interface Case {
  readonly what: string
  /** What Qualys shows. */
  readonly knobs?: object
  /** Hosts of the wave that never answer. */
  readonly silent?: number
  /** How the answer is lost; the request is never made if it is absent. */
  readonly fault?: object
  /** What else happens at that time. */
  readonly meanwhile?: (control: Control, hosts: readonly string[], mark: string) => Promise<unknown>
  /** Changes the newest run in the list. */
  readonly newest?: object
  readonly audit?: true
  readonly adopted?: WaveRun['adopted']
  /** Why each candidate is not adopted. */
  readonly candidates?: readonly RegExp[]
}

const lost = { fault: { route, kind: 'resetAfterBody', times: 1 } }
const colleague =
  (from: number, to: number, more: object = {}) =>
  ({ portalRun }: Control, hosts: readonly string[]) =>
    portalRun({ scriptId: Number(scriptId), assetIds: hosts.slice(from, to).map(Number), ...more })

const sameHosts = /^it has the hosts of the wave, and another one may be it$/
const foreign = /^it shows 0 of the 3 hosts of the wave and 2 others$/
const hidden = /^its results do not all show their host$/
const offline = /^it shows 2 of the 3 hosts of the wave$/
const copied = /^it shows the mark, and so does another one$/

const cases: readonly Case[] = [
  { what: 'a run with its hosts', ...lost, adopted: 'by its hosts' },
  {
    what: 'a run after a broken answer',
    fault: { route, kind: 'emptyBody', times: 1 },
    adopted: 'by its hosts',
  },
  {
    what: 'a run after an answer without its id',
    fault: { route, kind: 'reply', status: 200, body: {}, times: 1 },
    candidates: [],
  },
  {
    what: 'a run with its mark',
    ...lost,
    knobs: { runDescriptions: 'shown', resultHosts: 'none' },
    adopted: 'by its mark',
  },
  { what: 'a run with ids as text', ...lost, knobs: { resultHosts: 'text' }, adopted: 'by its hosts' },
  { what: 'a run with UUIDs of hosts', ...lost, knobs: { resultHosts: 'uuid' }, candidates: [hidden] },
  { what: 'a run that names some hosts', ...lost, knobs: { resultHosts: 'some' }, candidates: [hidden] },
  { what: 'a run that names no hosts', ...lost, knobs: { resultHosts: 'none' }, candidates: [hidden] },
  {
    what: 'a run with a host that is offline',
    ...lost,
    silent: 1,
    knobs: { silentHosts: 'unlisted' },
    candidates: [offline],
  },
  {
    what: 'a run with a host that is offline, and the mark',
    ...lost,
    silent: 1,
    knobs: { silentHosts: 'unlisted', runDescriptions: 'shown' },
    adopted: 'by its mark',
  },
  {
    what: 'a run, and one of a colleague on other hosts',
    ...lost,
    meanwhile: colleague(10, 12),
    adopted: 'by its hosts',
  },
  {
    what: 'a run, and one of a colleague on other hosts of which one is offline',
    ...lost,
    silent: 1,
    knobs: { silentHosts: 'unlisted' },
    meanwhile: colleague(10, 12),
    candidates: [foreign, offline],
  },
  {
    what: 'a run, and one of a colleague on some of its hosts',
    ...lost,
    meanwhile: colleague(1, 3),
    candidates: [offline, sameHosts],
  },
  {
    what: 'a run, and one of a colleague on its hosts',
    ...lost,
    meanwhile: colleague(0, 3),
    candidates: [sameHosts, sameHosts],
  },
  {
    what: 'a run, and one of a colleague on its hosts with a description',
    ...lost,
    knobs: { runDescriptions: 'shown' },
    meanwhile: colleague(0, 3, { description: 'Ticket 12' }),
    adopted: 'by its mark',
  },
  {
    what: 'a run that a colleague starts again, with its mark',
    ...lost,
    knobs: { runDescriptions: 'shown' },
    meanwhile: (control, hosts, mark) =>
      colleague(0, 3, { description: `again [qualys-mcp ${mark}]` })(control, hosts),
    candidates: [copied, copied],
  },
  {
    what: 'a run, and a test run on its hosts',
    ...lost,
    meanwhile: colleague(0, 3, { test: true }),
    adopted: 'by its hosts',
  },
  { what: 'nothing', candidates: [] },
  {
    what: 'nothing but a run of a colleague on other hosts',
    meanwhile: colleague(10, 12),
    candidates: [foreign],
  },
  { what: 'nothing but a test run on its hosts', meanwhile: colleague(0, 3, { test: true }), candidates: [] },
  {
    what: 'nothing but a run of a colleague on its hosts, with a description',
    knobs: { runDescriptions: 'shown' },
    meanwhile: colleague(0, 3, { description: 'Ticket 12' }),
    candidates: [],
  },
  {
    what: 'nothing but a scheduled run on its hosts',
    meanwhile: colleague(0, 3),
    newest: { executionType: 'Automated' },
    candidates: [],
  },
  {
    what: 'nothing but a run of a schedule on its hosts',
    meanwhile: colleague(0, 3),
    newest: { schedulerId: '12' },
    candidates: [],
  },
  {
    what: 'nothing but a run on its hosts, without its time',
    meanwhile: colleague(0, 3),
    newest: { created: null },
    candidates: [],
  },
]

type Run = Record<string, unknown>

/** The sandbox whose list of runs shows the newest one so. */
function withNewest(sandbox: TestSandbox, changes: object, isOn: () => boolean): Promise<TestSandbox> {
  return alteredPlatform(sandbox, {
    answer: (path, answer) => {
      const body = answer['body'] as { list: Run[] } | undefined
      if (!isOn() || !path.includes('/jobs/search') || !body?.list[0]) return undefined
      const [first, ...others] = body.list
      const newest = { ...first, data: { ...(first?.['data'] as Run | undefined), ...changes } }
      return { ...answer, body: { ...body, list: [newest, ...others] } }
    },
  })
}

test.for(cases)(
  'after a lost answer, Qualys shows $what',
  async ({ what: _, knobs = {}, silent = 0, fault, meanwhile, newest, adopted, candidates }, {
    sandbox,
    folder,
    hosts,
    serve,
  }) => {
    const { control } = sandbox
    let isChanged = false
    const platform = newest ? await withNewest(sandbox, newest, () => isChanged) : sandbox
    const first = await serve(newest ? addressesOf(platform) : {})
    await control.knobs({ ...quickHosts, ...knobs })
    await control.silent(hosts.slice(0, silent).map(Number))
    if (fault) await control.faults([fault])
    letDie(
      first,
      journalsIn(folder),
      (moment, _, { kind }) => !fault && moment === 'after' && kind === 'intent',
    )
    const id = await propose(first, { ...rolloutOf(hosts, 3, 4), notReported: '50%', reportWithin: '5m' })
    await first.move()
    expect(stateIn(folder, id).waves[0]?.phase).toBe('sending')
    await meanwhile?.(control, hosts, String(marksOf(linesIn(folder, id), 0)[0]))
    isChanged = true
    const ours = (await sentRuns(control)).filter(({ description }) => description.includes(id))
    const next = await serve(newest ? addressesOf(platform) : {})
    // Nobody decides while the request may be on its way.
    await goOn(next, 2)
    expect(stateIn(folder, id).waves[0]?.phase).toBe('sending')
    pass(1)
    await next.move()
    const { held, waves } = stateIn(folder, id)
    if (adopted) {
      expect(waves[0]?.run).toMatchObject({ adopted, jobId: ours[0]?.jobId })
    } else {
      expect(held?.reason).toBe('unproved run')
      expect(held?.why).toContain('Look in the Qualys UI whether it ran; then car_resume_rollout with adopt')
      const why = (held?.candidates ?? []).map((one) => one.why)
      expect(why).toHaveLength(candidates?.length ?? 0)
      for (const [index, pattern] of (candidates ?? []).entries()) expect(why[index]).toMatch(pattern)
      await control.knobs(quickHosts)
      await next.call('car_resume_rollout', { planId: id, ...truthAbout(linesIn(folder, id), 0, ours) })
    }
    await control.silent([])
    isChanged = false
    for (let held = 0; held < 2; held++) {
      await goOn(next, 4)
      if (stateIn(folder, id).phase === 'held') await next.call('car_resume_rollout', { planId: id })
    }
    expect(stateIn(folder, id).phase).toBe('done')
    const all = (await sentRuns(control)).filter(({ description }) => description.startsWith(`Rollout ${id}`))
    expect(all.map(({ assetIds }) => assetIds)).toEqual(
      stateIn(folder, id).plan.waves.map((wave) => wave.hosts),
    )
  },
)

test('a run from before the wave is not adopted', async ({ sandbox, folder, hosts, serve }) => {
  await sandbox.control.knobs(quickHosts)
  const first = await serve()
  await colleague(0, 3)(sandbox.control, hosts)
  pass(1)
  letDie(first, journalsIn(folder), (moment, _, { kind }) => moment === 'after' && kind === 'intent')
  const id = await propose(first, rolloutOf(hosts, 3, 4))
  await first.move()
  const next = await serve()
  await goOn(next, 2)
  pass(1)
  await next.move()
  expect(stateIn(folder, id).held?.reason).toBe('unproved run')
  const [earlier] = stateIn(folder, id).waves[0]?.intent?.before ?? []
  const reply = await next.call('car_resume_rollout', { planId: id, adopt: earlier })
  expect(reply.text).toContain(`Run ${earlier} was there before the rollout sent its wave.`)
  expect(stateIn(folder, id).phase).toBe('held')
})
