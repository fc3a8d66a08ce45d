import { operations } from '../../../operations/index.ts'
import type { Operation } from '../../../operations/operation.ts'
import { groupBy } from '../../../shared/group.ts'

/** The version in a route, as the part of the path before the object: `/sm/v2`, `/qps/rest/1.0`. */
const versionOf = ({ route }: Operation): string =>
  /(\/sm\/v\d+|\/qps\/rest\/[\w.]+)\//.exec(route)?.[1] ?? route

const toolNames = (calls: readonly Operation[]): string => calls.map(({ name }) => `\`${name}\``).join(', ')

function versionRows(): string {
  return [...groupBy(operations, versionOf)]
    .sort(([one], [other]) => other.localeCompare(one))
    .map(([version, calls]) => `| \`${version}\` | ${calls.length} | ${toolNames(calls)} |`)
    .join('\n')
}

function retiredRows(): string {
  return operations
    .flatMap(({ name, route, retired = [] }) =>
      retired.map((old) => `| \`${old.route}\` | ${old.endOfLife} | \`${name}\`: \`${route}\` |`),
    )
    .join('\n')
}

/** Generated from the operations, so that it shows the real calls. The dates are from Qualys' release notes. */
export const apiVersions = (): string => `# API versions and when they end

## What this server calls

| version | calls | tools |
| --- | --- | --- |
${versionRows()}

Paths that Qualys does not publish, so that neither they nor their versions are certain: ${toolNames(operations.filter(({ evidence }) => evidence === 'guessed'))}. \`QUALYS_ROUTES\` (the operator's) sets other paths.

## Ends that Qualys announced

| route | end of life | called instead |
| --- | --- | --- |
${retiredRows()}

Announced with release 2.5.2 (June 2025); their end of support lay between December 2025 and June 2026.

Besides, on Qualys' own pages: creating scripts by v2 and v3 is deprecated since February 2025, v4 was to follow in June 2025; updating them by v3 is deprecated since February 2025, with removal planned for August 2025. Versions 1 of searching runs and results, of the library import, and of changing blocked commands are older siblings of those called here; no end of them was found. For no version called here is an end announced on the pages that could be read: the newest CAR release note about the API is 2.7 (December 2025). The rule behind such dates (notifications.qualys.com, August 2025, which names CAR): customers have 12 months in all to move to the newest version; the dates printed since then fit an end of support after 6 months and an end of life after 12. By that rule version 1 of changing blocked commands (version 2 is of June 2025) is past its end, too, although its pages call it active. SAQ has one version, and no page about its end.

## How an end shows

First end of support (it works, nothing is mended), then end of life: 404 or 410. This server reports those as a \`setup\` error with the route. Then: \`qualys_status\` (\`carVersions\`, \`retiredByQualys\`), and tell the operator; another path in \`QUALYS_ROUTES\` helps where only the version in it changed, a new body needs a newer server. A 404 for one id is an \`input\` error instead: it is not there, or lies outside the user's scope.
`
