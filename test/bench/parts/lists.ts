import { costOf, everyTool, mostPerTool, selections } from '../../programs/costs.ts'
import type { Figure, Measured } from '../table.ts'

/** What a model reads before its first call, in tokens. */
export async function lists(): Promise<Measured> {
  const ofLists = selections.map(costOf).flatMap(({ env, budget, tools, tokens }): Figure[] => {
    if (budget === undefined) return []
    const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    const which = settings.join(' ') || 'the default settings'
    const what = `the list of ${tools} tools with ${which}`
    return [{ name: `list, ${which}`, what, figure: tokens, unit: 'tokens', goal: budget }]
  })
  const most = everyTool.reduce((one, other) => (other.tokens > one.tokens ? other : one))
  const largest: Figure = {
    name: 'largest tool',
    what: 'the largest tool of the list',
    figure: most.tokens,
    unit: 'tokens',
    goal: mostPerTool,
    from: most.name,
  }
  return { figures: [largest, ...ofLists] }
}
