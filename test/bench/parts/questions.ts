import { countTokens } from '../../programs/token-counter.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { questions } from '../../support/questions/all.ts'
import { fleetSettings, truthOf } from '../../support/questions/question.ts'
import { moreCampaigns } from '../../support/questions/recipients.ts'
import { openSandbox } from '../../support/sandbox.ts'
import type { Measured } from '../table.ts'

// What the answers to common questions cost a model: the calls, and the tokens of their arguments and replies.

/** The goal for each question. */
const maxCalls = 3
const maxTokens = 3_000

interface QuestionCost {
  readonly asks: string
  readonly calls: number
  readonly tokens: number
}

/** The cost of each question on the sandbox. */
async function questionCosts(): Promise<QuestionCost[]> {
  const sandbox = await openSandbox({ moreCampaigns })
  const assistant = await openAssistantOn(sandbox, fleetSettings)
  const costs: QuestionCost[] = []
  for (const { asks, prepare, answer } of questions) {
    let [calls, tokens] = [0, 0]
    const { control } = sandbox
    await control.reset()
    const truth = truthOf(control)
    await prepare?.(
      async (tool, args) => (await assistant.call(tool, args, 'json')).structured,
      control,
      truth,
    )
    await answer(async (tool, args) => {
      const { text, isError } = await assistant.call(tool, args)
      if (isError) throw new Error(`${asks} ${tool}: ${text}`)
      calls++
      tokens += countTokens(JSON.stringify({ tool, args })) + countTokens(text)
      return (await assistant.call(tool, args, 'json')).structured
    }, truth)
    costs.push({ asks, calls, tokens })
  }
  await assistant.close()
  await sandbox.close()
  return costs
}

const lineOf = (asks: string, calls: string, tokens: string): string =>
  `${asks.slice(0, 100).padEnd(102)}${calls.padStart(5)}${tokens.padStart(8)}`

/** The most calls and tokens of a question, and the costs of all. */
export async function measuredQuestions(): Promise<Measured> {
  const costs = await questionCosts()
  const most = (of: 'calls' | 'tokens'): number => Math.max(...costs.map((cost) => cost[of]))
  const what = `of ${costs.length} common questions`
  return {
    figures: [
      {
        name: 'question, calls',
        what: `most calls ${what}`,
        figure: most('calls'),
        unit: '',
        goal: maxCalls,
      },
      {
        name: 'question, tokens',
        what: `most tokens ${what}, calls and replies`,
        figure: most('tokens'),
        unit: 'tokens',
        goal: maxTokens,
      },
    ],
    details: async () => [
      lineOf(`${costs.length} questions`, 'calls', 'tokens'),
      ...costs.map(({ asks, calls, tokens }) => lineOf(asks, String(calls), String(tokens))),
    ],
  }
}
