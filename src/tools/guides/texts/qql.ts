import { operations } from '../../../operations/index.ts'
import type { Operation } from '../../../operations/operation.ts'

/** Inputs that have a section of their own, or are none of a search. */
const otherInputs = ['filter', 'sort', 'includeOutput']

/** The named inputs of a list; after ";" those that this server keeps. */
function namedInputs({ name, input, rowFilters = {}, localFilters = {} }: Operation): string | undefined {
  const [own = '', local = ''] = [input, { ...rowFilters, ...localFilters }].map((inputs) =>
    Object.keys(inputs)
      .filter((one) => !otherInputs.includes(one))
      .map((one) => `\`${one}\``)
      .join(', '),
  )
  if (own === '' && local === '') return undefined
  return `- \`${name}\`: ${own || 'none'}${local && `; ${local}`}`
}

const inputLines = (): string =>
  operations
    .filter(({ name, returns }) => name.startsWith('car_') && returns === 'rows')
    .map(namedInputs)
    .filter((line) => line !== undefined)
    .join('\n')

/**
 * What is known of QQL for CAR (getting_started.htm, list_script_jobs.htm, list_asset_jobs.htm, the QQL pages
 * below ud/latest).
 */
export const qql = (): string => `# QQL: the \`filter\` of CAR lists

\`filter\` goes to Qualys as it is. Named inputs need no QQL and are ANDed with it. Those after ";" are kept by this server, row by row like \`match\` (below):

${inputLines()}

## Tokens

| list | tokens on Qualys' pages | sort keys on Qualys' pages |
| --- | --- | --- |
| \`car_search_scripts\` | \`status\` | none |
| \`car_search_jobs\` | \`script.name\`, \`scriptId\` | \`created.dateTime\`, \`id\` |
| \`car_search_asset_jobs\` | \`job.id\` | \`created.dateTime\`, \`id\` |
| \`car_search_schedules\` | none | \`created.dateTime\`, \`id\` |
| \`car_search_assets\` | none | \`id\`, \`name\` |
| \`car_search_asset_tags\` | none | none |
| \`car_search_blocked_commands\` | unknown: no page shows its inputs | unknown |

All other tokens are NOT public here: they stand in the search help of the Qualys UI, one set per list. That help has a page "Old and New Search Token Mappings", so a token known from elsewhere may have another name by now. The filter that finds lab tags is not public either.

A token that is not in the table is a guess, most likely the name of a field of the rows (\`fields\` \`["*"]\` shows them). Qualys may refuse it (400), let it match nothing, or ignore it: which one is not documented. Believe it only when proved, with \`pageSize\` 1 and the total in the first line:

1. with an impossible value it finds 0,
2. with the wanted value it finds some,
3. without the filter there are more than in 2.

## Syntax

CAR's own pages show \`token:value\` alone; the rest is from Qualys' general QQL pages.

| meaning | form |
| --- | --- |
| any of the words, or related ones | \`script.name:Nightly backup\` (unquoted; that the value goes on up to the next AND, OR or NOT is inferred from CAR's samples) |
| words side by side | \`script.name:"Nightly backup"\` |
| the exact whole value | the value between backticks |
| both, either | \`AND\`, \`OR\`, with round brackets to group |
| not | \`NOT\` before a clause; slow, better list what is wanted |
| any of | \`status:[APPROVED, REJECTED]\` |
| compare | \`severity > 3\`, also \`>=\`, \`<\`, \`<=\`, \`=\` |
| range | \`severity:[2 .. 4]\`, without the ends \`severity:(2 .. 4)\` |

General help of the Qualys portal, not CAR's: the operators may be in lower case; strings stand in single or double quotes; \`name:win*\` finds a prefix, \`name:*win\` a suffix, only behind a token; \`name is null\` finds rows without a value; words without a token search most fields, but no names of tags. Sister modules have tokens such as \`tags.name\`, \`interfaces.address\` and \`assetId\`: none is proved for CAR.

No rule for escaping is documented: put a value with a quote in it between quotes of another kind. Times such as \`now-7d\` are seen in other Qualys products only: use \`startAt\` and \`endAt\`.

## Without a token

- \`match\`: plain words or parts of them, in any case and order; keeps rows that hold them all in their fields, whether these are shown or not. The word Servers also finds "Print servers": show those columns with \`fields\`, and look.
- A call with \`match\`, or with an input after ";", looks through up to 10,000 rows or 20 upstream calls. Its first line says how many match, in how many of all, and how many are unknown, since they do not show what is asked for: 0 matches with some unknown is no answer. Each page asks Qualys for batches of 1,000 rows again: take a large \`pageSize\` if you need all, and narrow with dates or ids first.
- How many, by what: \`car_count_jobs\` and \`car_count_asset_jobs\` take the same inputs.
- \`sort\`: \`["created.dateTime:asc"]\` with \`pageSize\` 1 brings the oldest.

## Calls that work

- \`car_search_jobs {"scriptName":"Backup","startAt":"2026-11-01","endAt":"2026-11-07"}\`
- \`car_search_jobs {"filter":"scriptId:19218 AND script.name:Backup"}\`
- \`car_search_asset_jobs {"jobId":"80507","outcome":"failed"}\`
- \`car_search_scripts {"status":"APPROVED","contentMatch":"WScript.Network"}\`
- \`car_search_schedules {"tagId":"7512829","dueWithinDays":7,"countHosts":true}\`
- \`car_search_assets {"platform":"LINUX","noResultSince":"2026-10-01"}\`
`
