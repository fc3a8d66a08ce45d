import { specs } from '../../../config/specs.ts'
import { operations } from '../../../operations/index.ts'
import type { Paging } from '../../../operations/paging-kinds.ts'
import { formatNumber } from '../../../shared/format.ts'

const lists = (...kinds: readonly Paging['kind'][]): string =>
  operations
    .filter(({ paging }) => paging && kinds.includes(paging.kind))
    .map(({ name }) => `\`${name}\``)
    .join(', ')

/** Generated from the operations, since their paging decides how far a list can be read. */
export const paging = (): string => `# Pages, counts and exports

A page shows 20 rows, or \`pageSize\` (1-200), and never more than ${formatNumber(Number(specs.replyChars.default))} characters (\`QUALYS_REPLY_CHARS\`): it is cut between rows, and the token goes on just behind the last row shown. Its first line tells which rows these are, of how many where Qualys says so, what they add up to, and values that all of them share.

- \`continuationToken\`: repeat the call with it and the SAME arguments; only \`pageSize\` and \`fields\` may change. Anything else that differs, a damaged token, or one of another tool or account is refused: start again without it. It is no secret, does not expire and outlives a restart. A reply without one is the last page; a note says so if rows beyond it cannot be reached.
- \`fields\`: the columns you need (\`["id","title"]\`; dotted, as shown) make rows shorter and pages longer; \`["*"]\` shows all of them, which is dear: use it on one row.
- Times are shown to the minute; to the second where \`fields\` asks for them.
- Paging on is cheap for Qualys, since this server reads ahead from the third page on, but every page costs you its tokens.
- \`match\` and inputs that are no tokens of Qualys (guides qql, saq-filters) are applied by this server: a call looks through at most 10,000 rows or 20 upstream calls, its first page counts all matches in them, and its token goes on from there. No row on such a page does not mean none in the list while there is a token, or while rows are unknown. Each page asks Qualys for batches of 1,000 rows again: take a large \`pageSize\`.
- \`includeOutput\` brings up to a megabyte per host: ask for few rows.

## How far lists go

- To the end: ${lists('searchAfter', 'offset')} (with the total in the first line).
- To row 9,999 (Qualys' wall), then narrow the filter or the dates, or turn \`sort\` round: ${lists('pageNumber')}.
- To the end, without a total: ${lists('qps')}. Their totals: \`saq_count_users\`, \`saq_count_campaigns\`, \`saq_count_templates\`, \`saq_count_questionnaires\` (the library has none).
- In one piece: ${lists('whole')}.

Lists live: by place (wall lists, reports, SAQ) a row may come twice or be missed when others are added or removed meanwhile; runs, results and hosts go on behind the last row itself.

## Cheaper than paging

| question | call |
| --- | --- |
| how many runs, by what | \`car_count_jobs {"groupBy":["platform","executionType"]}\` |
| per day, week, … | \`car_count_jobs {"groupBy":["created.dateTime:day"],"startAt":"2026-11-01"}\` |
| results of a run per host, by outcome and code | \`car_count_asset_jobs {"jobId":"80507","groupBy":["outcome","output.code"],"top":10}\` |
| what became of a run, and why hosts failed | \`car_follow_run {"jobId":"80507","waitSeconds":0}\` |
| which scripts fail most, on how many hosts | \`car_count_asset_jobs {"outcome":"failed","groupBy":["script.title"],"distinct":"asset.id","startAt":"2026-11-01"}\` |
| how many hosts are silent, and some | \`car_search_assets {"noResultSince":"2026-10-01"}\` |
| what runs next, on how many hosts | \`car_search_schedules {"dueWithinDays":7,"countHosts":true}\` |
| which companies are late | \`saq_count_questionnaires {"late":true,"groupBy":["company"],"top":100}\` |
| how a campaign is doing, who is late | \`saq_campaign_status {"campaignId":"640002"}\` |
| which campaigns are late, and who in several | \`saq_campaign_status {}\` |
| who of a company has not answered | \`saq_list_recipients {"campaignId":"640002","company":"Alpine Cloud","late":true}\` |
| which hosts print a text, with the lines | \`car_search_asset_jobs {"jobId":"80507","includeOutput":true,"match":"denied"}\` (\`car_get_output\` with \`find\` or \`fromEnd\` for one host) |
| all rows, for a person or a program | \`qualys_export {"tool":"car_search_jobs","arguments":{"startAt":"2026-11-01"},"format":"csv"}\` |

Counting takes the inputs of its search (SAQ: but \`match\`), and reads every page inside the server; its first line says whether that was all.

- \`groupBy\`: up to three columns (dotted, as shown) and one time with \`:hour\`, \`:day\`, \`:week\` (named by its Monday) or \`:month\`, in UTC. \`outcome\` is a column too, of results per host. Rows without a value are a group with an empty name.
- Results are also counted by columns of their run, script and host (job.platform, script.title, asset.name), and runs by those of their script. Those of SAQ by what no row shows, such as \`company\` (guide columns). What leads to nothing is the group "(not shown)" or "unknown", and the note says why.
- \`distinct\`: how many different values, such as hosts, each group has. \`min\`: groups of at least so many.
- The largest group comes first; with a time, the latest, unless \`top\` is given. \`top\` groups are shown (20, at most 500), and the others added up as "the rest". More than 10,000 groups are refused: take fewer columns, a longer time or a narrower search.

An export takes any list tool with its arguments, writes \`csv\` or \`jsonl\` on the machine of this server, all columns unless \`fields\` picks some, and answers with a link, the number of rows and a taste.

A tool that is named here but not listed is withheld by a setting (\`qualys_status\` says which).

Rule: one page to see what rows look like, then a narrower call, a count or an export. A third page is rarely the answer.
`
