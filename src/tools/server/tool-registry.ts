import { derivedLists, toolsets } from '../../operations/index.ts'
import type { Operation } from '../../operations/operation.ts'
import { exportList } from '../exports/export.ts'
import { holdRollout, stopRollout } from '../plans/tools/end-rollout.ts'
import { getRollout } from '../plans/tools/get-rollout.ts'
import { listRollouts } from '../plans/tools/list-rollouts.ts'
import { planRerun } from '../plans/tools/plan-rerun.ts'
import { planRollout } from '../plans/tools/plan-rollout.ts'
import { resumeRollout } from '../plans/tools/resume-rollout.ts'
import { toJsonSchema } from '../schema.ts'
import type { Tool, ToolManifest } from '../tool.ts'
import { campaignStatus } from '../workflows/campaign/status.ts'
import { compareRuns } from '../workflows/compare/compare-runs.ts'
import { countAssetJobs, countJobs } from '../workflows/count/count.ts'
import { followRun } from '../workflows/run/follow-run.ts'
import { getOutput } from '../workflows/run/output.ts'
import { status } from '../workflows/status/status.ts'
import { toolOf } from './operation-tool.ts'

// Every tool that can be called. Loaded at the first call: building all schemas takes longer than the rest of
// the start.

/** The workflows, and what the settings select them by. */
const workflows: readonly (readonly [tool: Tool, selectedBy: Pick<ToolManifest, 'toolset' | 'always'>])[] = [
  [status, { always: true }],
  [exportList, {}],
  [followRun, { toolset: 'car.runs' }],
  [compareRuns, { toolset: 'car.runs' }],
  [getOutput, { toolset: 'car.runs' }],
  [countJobs, { toolset: 'car.runs' }],
  [countAssetJobs, { toolset: 'car.runs' }],
  ...[planRollout, getRollout, holdRollout, resumeRollout, stopRollout, listRollouts, planRerun].map(
    (tool) => [tool, { toolset: 'car.rollouts' }] as const,
  ),
  [campaignStatus, { toolset: 'saq.campaigns' }],
  ...derivedLists.map((list) => [toolOf(list), { toolset: 'saq.campaigns' }] as const),
]

const toolsetEntries = Object.entries(toolsets) as [string, readonly Operation[]][]

/** Every tool by name, in order. */
export const toolRegistry: ReadonlyMap<string, Tool> = new Map(
  [
    ...workflows.map(([tool]) => tool),
    ...toolsetEntries.flatMap(([, operations]) => operations.map(toolOf)),
  ].map((tool) => [tool.name, tool]),
)

/** The content of tool-manifest.json. */
export function buildManifests(countTokens: (text: string) => number): ToolManifest[] {
  const toManifest = (
    { name, title, description, effect, input, hasLongReplies }: Tool,
    rest: Partial<ToolManifest>,
  ): ToolManifest => {
    const schema = toJsonSchema(input)
    const tokens = countTokens(JSON.stringify({ name, description, inputSchema: schema }))
    const info = { name, title, description, ...(hasLongReplies && { hasLongReplies }) }
    return { ...info, effect, ...rest, tokens, schema }
  }
  return [
    ...workflows.map(([tool, selectedBy]) => toManifest(tool, selectedBy)),
    ...toolsetEntries.flatMap(([toolset, operations]) =>
      operations.map((operation) => {
        const { route, evidence } = operation
        return toManifest(toolOf(operation), { toolset, route, evidence })
      }),
    ),
  ]
}
