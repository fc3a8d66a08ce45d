import { counted, texts } from '../../../shared/format.ts'
import { escapeFences } from '../../replies/cells.ts'
import type { Tool } from '../../tool.ts'
import { journalsOf } from '../journals.ts'
import { accountOf, isOpen, newestFirst, readPlans } from '../open-plans.ts'
import { listInput } from '../propose/plan-inputs.ts'
import { planHeadline } from '../reply/plan-reply.ts'

const maxShown = 50

/** Lists the rollouts of an account. */
export const listRollouts: Tool = {
  name: 'car_list_rollouts',
  title: 'List rollouts',
  description: 'Rollouts that have not ended, the last changed first.',
  effect: 'read',
  input: listInput,
  run: async ({ open: onlyOpen = true }, context) => {
    const { open, damaged } = readPlans(journalsOf(context.safeguards))
    const own = await accountOf(context)
    const plans = open
      .filter(({ state: { plan } }) => plan.account === own.account && plan.platform === own.platform)
      .filter((plan) => onlyOpen === false || isOpen(plan))
      .sort(newestFirst)
    const shown = plans.slice(0, maxShown)
    const what = onlyOpen === false ? 'rollout' : 'open rollout'
    const note = escapeFences(
      texts(
        plans.length > maxShown && `The other ${plans.length - maxShown} are older.`,
        damaged.map(({ message, next }) => `${message} ${next}`),
      ).join(' '),
    )
    return {
      summary: plans.length === 0 ? `no ${what}` : counted(plans.length, what),
      body: texts(
        shown.map(({ state }) => planHeadline(state)),
        note !== '' && `Note: ${note}`,
      ).join('\n'),
      rows: shown.map(({ state }) => ({
        planId: state.plan.id,
        phase: state.phase,
        scriptId: state.plan.script.id,
        title: state.plan.script.title,
        waves: state.waves.length,
        ...(state.current !== undefined && { wave: state.current + 1 }),
        touched: new Date(state.touchedAt).toISOString(),
        ...(state.held && { held: state.held.reason }),
      })),
      ...(note !== '' && { note }),
    }
  },
}
