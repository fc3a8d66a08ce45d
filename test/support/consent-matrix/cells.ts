import type { Environment } from '../../../src/config/settings.ts'
import { execute, run } from '../consent/calls.ts'
import { effectRequests, type TestSandbox } from '../sandbox.ts'

// One cell of the matrix of consent: a call, one way to say yes, and the identical call.

/** Ways in which somebody says yes, or not. */
export type YesWay = 'form' | 'page' | 'link' | 'terminal' | 'passkey' | 'own' | 'nothing'

/** What the assistant is told at last. */
export interface Told {
  readonly isError: boolean
  readonly text: string
}

/** One server, and what people do about a call that waits there. */
export interface Matter {
  /** Makes a call; `way`: of a client that shows forms where that is the way. */
  readonly call: (args: object, way: YesWay) => Promise<Told>
  /** What is done about the call that waits under a code. What it throws is what the person is told. */
  readonly act: (code: string, way: YesWay) => Promise<unknown>
}

/** What came of a cell: the requests with an effect at the sandbox, and what the assistant is told. */
export type Outcome = readonly [requests: number, sentence: string]

const code = /\b([2-9A-HJKMNP-TV-Z]{4}-[2-9A-HJKMNP-TV-Z]{4})\b/

/** The settings of the columns. */
export const columns = {
  usual: {},
  'APPROVE_BY=page': { QUALYS_APPROVE_BY: 'page' },
  'APPROVE_BY=client,page,terminal': { QUALYS_APPROVE_BY: 'client,page,terminal' },
  'PASSKEY_FOR=execute': { QUALYS_PASSKEY_FOR: 'execute' },
  'FOUR_EYES=execute': { QUALYS_FOUR_EYES: 'execute' },
} as const satisfies Readonly<Record<string, Environment>>

export type Column = keyof typeof columns

const local = String.raw`Ask the person to open http://localhost:\d+/approve/\S{9} \(on the machine where this server runs\)`
const ofService = String.raw`open https://mcp\.example\.com/approve/\S{9}`
const command = String.raw`run \`qualys-mcp approve \S{9} --state-dir \S+\``

/** The whole reply that asks for a person. */
const asks = (how: string): RegExp =>
  new RegExp(
    `^A person has to approve this[^;]*; nothing was sent\\. ${how}; then make the identical call again, which waits for the answer\\.$`,
  )

/** The sentences of an assistant, by a name for each. */
const sentences: Readonly<Record<string, RegExp>> = {
  ran: /^script 19218 "[^"]+" started/,
  'no such tool': /^Tool car_execute_script not found/,
  'ask: page or terminal': asks(`${local}, or to ${command} there within ten minutes`),
  'ask: page': asks(`${local} within ten minutes`),
  'ask: passkey': asks(
    String.raw`${local} within ten minutes \(only a passkey on the approval page counts\)`,
  ),
  'ask: page of the service': asks(`Ask the person to ${ofService} within ten minutes`),
  'ask: page of the service or terminal': asks(
    `Ask the person to ${ofService}, or to ${command} on its machine within ten minutes`,
  ),
  'ask: passkey on the page of the service': asks(
    String.raw`Ask the person to ${ofService} within ten minutes \(only a passkey on the approval page counts\)`,
  ),
  'ask: another person': asks(
    String.raw`Ask another person to ${ofService} within ten minutes \(only the approval page counts, by another person\)`,
  ),
}

const nameOf = (text: string): string =>
  Object.entries(sentences).find(([, sentence]) => sentence.test(text))?.[0] ?? text

/** Plays one cell. A call that runs at once, or that does not exist, leaves nobody anything to do. */
export async function play(
  { control }: Pick<TestSandbox, 'control'>,
  { call, act }: Matter,
  way: YesWay,
): Promise<Outcome> {
  await control.clearRequests()
  const args = { ...run, description: `by ${way}` }
  const first = await call(args, way)
  const found = code.exec(first.text)?.[1]
  let last = first
  if (first.isError && found !== undefined) {
    await act(found, way)
    last = await call(args, way)
  }
  return [(await effectRequests(control)).length, nameOf(last.text.split('\n')[0] ?? '')]
}

/** The name of the tool of the matrix. */
export const tool = execute
