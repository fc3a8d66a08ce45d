import { existsSync, readFileSync } from 'node:fs'
import type { Conversation, Traits } from './host.ts'
import { type Call, type Check, type OfferedTool, quote, type Script, type Seen } from './scripted-model.ts'

// Pages, a wrong call, null and text for arguments, an effect, an export, and more after it.

/** A part of a conversation. */
type Part = Generator<Call, void, Seen>

/** The sandbox of these conversations has this many jobs. */
export const jobs = 100

export const call = (tool: string, given: Readonly<Record<string, unknown>> = {}): Call => ({
  tool,
  arguments: given,
})

/** An id that begins a row. */
const idsIn = ({ text }: Seen): string[] => [...text.matchAll(/^(\d+)\t/gm)].map(([, id = '']) => id)

const tokenIn = ({ text }: Seen): string => /continuationToken "([^"]+)"/.exec(text)?.[1] ?? ''

/** The same call with null for each argument that is not given, as hosts with strict schemas send it. */
function withNulls(offered: readonly OfferedTool[], { tool, arguments: given }: Call): Call {
  const properties = offered.find(({ name }) => name === tool)?.parameters.properties ?? {}
  const nulls = Object.keys(properties).map((name) => [name, null])
  return call(tool, { ...Object.fromEntries(nulls), ...given })
}

/** What a client says that sends no arguments but those of the listed schema. */
const refusedByClient = /did not match expected schema/

function* pages(check: Check): Part {
  const first = yield call('car_search_jobs', { pageSize: 3 })
  check(
    first.text.startsWith(`jobs 1-3 of ${jobs}, newest first`),
    'The first page does not say which rows it has.',
  )
  check(idsIn(first).length === 3, 'The first page does not show its 3 rows.')
  check(tokenIn(first) !== '', 'The first page gives no continuationToken.')
  const second = yield call('car_search_jobs', { pageSize: 3, continuationToken: tokenIn(first) })
  check(
    second.text.startsWith(`jobs 4-6 of ${jobs}`),
    'The continuationToken does not lead to the second page.',
  )
  check(new Set([...idsIn(first), ...idsIn(second)]).size === 6, 'The second page repeats rows of the first.')
}

function* wrongCall(check: Check): Part {
  const { text } = yield call('car_search_jobs', { pageSize: 0 })
  check(
    text.includes('pageSize: must be a whole number from 1 to 200'),
    'The error of a wrong call does not name the argument and its bounds.',
  )
}

function* nulls(traits: Traits, offered: readonly OfferedTool[], check: Check): Part {
  const search = withNulls(offered, call('car_search_jobs', { pageSize: 2 }))
  check(
    Object.keys(search.arguments).length > 5,
    'The client does not offer the arguments of car_search_jobs.',
  )
  const { text } = yield search
  if (traits.checksArguments)
    check(refusedByClient.test(text), 'The client no longer checks arguments: expect rows for null.')
  else check(text.startsWith(`jobs 1-2 of ${jobs}`), `Null for what is left out is refused: ${quote(text)}.`)
}

function* numbersAsText(traits: Traits, check: Check): Part {
  for (const includeOutput of ['true', 'false']) {
    const given = { outcome: 'succeeded', includeOutput, pageSize: '1' }
    const { text } = yield call('car_search_asset_jobs', given)
    if (traits.checksArguments)
      check(
        refusedByClient.test(text),
        'The client no longer checks arguments: expect rows for numbers as text.',
      )
    else {
      const isTaken = text.startsWith('asset jobs')
      check(isTaken, `Numbers and switches as text are refused: ${quote(text)}.`)
      // What hosts print is fenced.
      const isMeant = text.includes('<<') === (includeOutput === 'true')
      check(!isTaken || isMeant, `includeOutput "${includeOutput}" is not read as ${includeOutput}.`)
    }
  }
}

const effect = call('car_execute_script', { scriptId: '19218', assetIds: ['21789601'] })

const codeIn = ({ text }: Seen): string => /approve ([2-9A-Z]{4}-[2-9A-Z]{4})\b/.exec(text)?.[1] ?? ''

/** A client without forms: nothing is sent, and a person approves in a terminal. */
function* refusedEffect(traits: Traits, offered: readonly OfferedTool[], check: Check): Part {
  const refused = yield effect
  check(
    codeIn(refused) !== '',
    `An effect without forms gives no command to approve it: ${quote(refused.text)}.`,
  )
  const again = yield withNulls(offered, effect)
  if (traits.checksArguments)
    check(refusedByClient.test(again.text), 'The client no longer checks arguments: expect a code for null.')
  else
    check(codeIn(again) === codeIn(refused), 'The same effect with null for what is left out is another one.')
}

/** A client with forms: the person says no, then yes. */
function* askedEffect(offered: readonly OfferedTool[], check: Check): Part {
  const declined = yield effect
  check(/\bno\b|nothing was sent/i.test(declined.text), `A no reads ${quote(declined.text)}.`)
  const { text } = yield withNulls(offered, effect)
  check(
    /^script 19218 "[^"]*" started/.test(text),
    `A yes to an effect with null for what is left out reads ${quote(text)}.`,
  )
}

function* exported({ isRemote }: Traits, check: Check): Part {
  const fields = ['id', 'title']
  const { text } = yield call('qualys_export', {
    tool: 'car_search_jobs',
    format: 'csv',
    // As the schema says; some clients check it.
    arguments: JSON.stringify({ fields }),
  })
  check(text.includes(`${jobs} jobs exported to CSV`), `The export reads ${quote(text)}.`)
  check(
    text.includes('qualys://exports/car_search_jobs-'),
    'The text of an export does not name its resource.',
  )
  if (isRemote) {
    check(
      !/File: |\/exports\//.test(text.replaceAll('qualys://exports/', '')),
      'An export over HTTP names a file of its server.',
    )
    return
  }
  const file = /File: ([^\n"]+\.csv)/.exec(text)?.[1] ?? ''
  check(existsSync(file), 'The text of an export does not name its file.')
  if (existsSync(file))
    check(readFileSync(file, 'utf8').trim().split('\n').length === jobs + 1, 'The exported file lacks rows.')
}

function* status(check: Check): Part {
  const { text } = yield call('qualys_status')
  check(text.startsWith('status of qualys-mcp'), `The status after all of it reads ${quote(text)}.`)
}

export function readsAndChanges(traits: Traits): Conversation {
  let questions = 0
  function* begin(offered: readonly OfferedTool[], check: Check): Script {
    const names = offered.map(({ name }) => name)
    for (const name of ['car_search_jobs', 'car_execute_script', 'qualys_export'])
      check(names.includes(name), `The client does not offer ${name}.`)
    check(!JSON.stringify(offered).includes(';base64,'), 'The model reads base64 icons in the list of tools.')
    yield* pages(check)
    yield* wrongCall(check)
    yield* nulls(traits, offered, check)
    yield* numbersAsText(traits, check)
    yield* exported(traits, check)
    yield* traits.showsForms ? askedEffect(offered, check) : refusedEffect(traits, offered, check)
    const forms = traits.showsForms ? 2 : 0
    check(questions === forms, `The person was asked ${questions} times, not ${forms}.`)
    yield* status(check)
    return 'done'
  }
  const person = (question: string) => {
    questions += 1
    if (!question.includes('19218') || questions === 1) return { action: 'decline' as const }
    return { action: 'accept' as const, content: { approve: true } }
  }
  return { name: 'text', settings: {}, begin, person, mayRepeat: false }
}
