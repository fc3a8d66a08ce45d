import { type Assumption, assume, assumeEach } from './assumption.ts'
import { effectAssumptions } from './effects.ts'
import { faultAssumptions } from './faults.ts'
import { saqAssumptions } from './saq.ts'

const routes: Assumption[] = [
  assume(
    'route POST /sm/v1/scripts/search',
    'CAR',
    'No page; a documented paging example filters scripts by status.',
  ),
  assume('route GET /sm/v1/scripts/{scriptId}', 'CAR', 'No page; an unofficial client calls it.'),
  assume(
    'route GET /sm/v1/scheduler/{scheduleId}',
    'CAR',
    'Release 2.6 names the call; method and path are cut off.',
  ),
  assume(
    'route GET /sm/v1/reports/{reportId}/download',
    'CAR',
    'Release 2.4 names the call; its path is cut off.',
  ),
]

const recordFields: Assumption[] = [
  ...assumeEach(
    'field',
    'id title description typeId typeName subType languageId languageName platform category.id category.name severity threshold status created.dateTime updatedDateTime createdBy.id createdBy.name customerUuid hasParameters params[].key params[].value content githubInputUrl gitHubUser gitHubRepo gitHubFilePath gitHubBranch gitHubSyncEnabled gitHubAutoSync importedScriptFromGitLab gitLabDetails.inputUrl gitLabDetails.repoUser gitLabDetails.repoName gitLabDetails.filePath gitLabDetails.branch gitLabDetails.syncEnabled autorScriptsMetadata.cid autorScriptsMetadata.tech[] autorScriptsMetadata.policies[] autorScriptsMetadata.displayName autorScriptsMetadata.subType qidTitle qidSeverity vulnerabilityType qdsScore detectionRegex',
    'scripts',
    'No page shows a script record; most names are those of the inputs of create.',
  ),
  ...assumeEach(
    'field',
    'id job.id job.title script.id script.name asset.id asset.name asset.uuid',
    'assetjobs',
    'The sample record is cut off behind created; a row without its host and job would be useless.',
  ),
  ...assumeEach(
    'field',
    'id uuid name platform operatingSystem agentVersion ipAddress lab tags[].id tags[].name created.dateTime lastSeen',
    'assets',
    'No page shows an asset record; that it can be sorted by id or name is documented.',
  ),
  ...assumeEach(
    'field',
    'title description scripts[].id scripts[].title scripts[].params[].key scheduleType recurrence.frequency recurrence.interval activate startDate startTime endDate assets[].id assets[].UUId assetTags[].id assetTags[].UUId excludedAssets[].id excludedAssets[].UUId allTagsForAssetsEnabled executionPolicyBypassEnabled rebootAfterScriptExecution rebootDelayInSeconds rebootDelayTimeUnit user.id user.name created.dateTime updatedDateTime',
    'schedules',
    'The sample record is cut off behind customerUuid; most names are those of the inputs of update.',
  ),
]

const filterTokens: Assumption[] = [
  ...assumeEach(
    'token',
    'id title name description platform severity type subType language category.name created.dateTime updatedDateTime',
    'scripts',
    'Only status is documented.',
  ),
  ...assumeEach(
    'token',
    'id title platform severity scriptType executionType schedulerId schedulerName correlationUuid category.name test created.dateTime updatedDateTime',
    'jobs',
    'Only script.name and scriptId are documented.',
  ),
  ...assumeEach(
    'token',
    'id job.title script.id script.name asset.id asset.name asset.uuid output.code output.text test enddate created.dateTime',
    'assetjobs',
    'Only job.id is documented.',
  ),
  ...assumeEach(
    'token',
    'id uuid name platform operatingSystem ipAddress lab tags.id tags.name created.dateTime lastSeen',
    'assets',
    'No token is documented.',
  ),
  ...assumeEach(
    'token',
    'labTag id tagUuid name',
    'tags',
    'A filter selects lab tags, but its literal is lost in every copy of the page: here labTag:true.',
  ),
  ...assumeEach(
    'token',
    'id title scheduleType activate script.id script.name user.name created.dateTime',
    'schedules',
    'No token is documented.',
  ),
  ...assumeEach(
    'token',
    'languageId commandId language platform',
    'blocked-commands',
    'No input is documented.',
  ),
]

const spellings: Assumption[] = [
  ...assumeEach(
    'spelling',
    'PENDING_TEST PENDING_APPROVAL REJECTED DEPRECATED',
    'script status',
    'APPROVED is documented on the wire; the others only as words of the user interface, or not at all.',
  ),
  assume(
    'spelling of failures',
    'assetjobs output',
    'Only 0 and SUCCESS are documented; codes and texts are ours.',
  ),
  assume('spelling IN_PROGRESS, FAILED', 'reports status', 'Only COMPLETED is documented.'),
  assume(
    'spelling HOURLY, DAILY, WEEKLY, MONTHLY',
    'schedules',
    'The rhythms are documented as words, the field is not.',
  ),
  assume('id 2, 3', 'script types', 'The three names are documented, and 1 for the first of them.'),
  assume('id 202, 203, 509, 510, 511, 601, 602', 'script languages', 'Only 4, 201 and 508 occur in samples.'),
  assume('id 2, 3', 'categories', 'Only 1 is documented with its name; 6 and 605 occur without one.'),
]

const logins: Assumption[] = [
  assume(
    'field jti, customerUuid',
    'JWT claims',
    'The sample token is cut off; jti keeps tokens of one second apart.',
  ),
  assume('spelling SM, SAQ', 'JWT modulesAllowed', 'The module names of CAR and SAQ are not known.'),
  assume(
    'body of 401 for locked, expired-password, no-api, ip-blocked, sso-only',
    '/auth',
    'Words of Apereo CAS.',
  ),
  assume('status 401 for those users', '/auth', 'Not documented; the shape is that of a wrong password.'),
  assume(
    'body of 400 for a missing field',
    '/auth, /auth/oidc, /auth/oauth',
    'The status is an inference from CAS.',
  ),
  assume('status 201', '/auth/oidc, /auth/oauth', 'Not documented; as /auth. Clients accept 200 and 201.'),
  assume('body of 403 for a user without CAR', '/sm', 'Not documented.'),
]

const answers: Assumption[] = [
  assume('body of 400: errorCode "400"', '/sm', 'No page shows a failed envelope or lists error codes.'),
  assume('body of 404 by id: errorCode "404"', '/sm', 'As above.'),
  assume(
    'body of 404, 405, 410, 415',
    '/sm',
    'The Spring shape is documented for 401 alone, without timestamp and path.',
  ),
  assume(
    'status 410 of retired versions',
    '/sm',
    'Documented as "404 or 410"; v2 and v3 of script count as retired too.',
  ),
  assume(
    'behaviour: login is checked before the path',
    '/sm',
    'An unknown path without a token answers 401.',
  ),
  assume('body of by-id answers', 'scripts, schedules', 'Enveloped like a search.'),
  assume('body {totalCount, list}', 'script-types, script-language', 'No page shows these answers.'),
  assume(
    'body: JSON attachment',
    'scripts/export',
    'The format of an export is not documented; ids may be comma-joined.',
  ),
  assume(
    'body: CSV columns',
    'reports/{reportId}/download',
    'No page shows a report. Either of its two ids is taken.',
  ),
  assume(
    'body of block-commands/search',
    'blocked-commands',
    'As the retired call by language id showed it.',
  ),
  assume(
    'behaviour: sort on scripts/search',
    'scripts',
    'The paging example shows filter, pageSize and pageNumber.',
  ),
  assume('type of id, tagId, customerId', 'tags', 'The page names the fields; which are strings is a guess.'),
]

const searching: Assumption[] = [
  assume(
    'behaviour: page that ends behind row 9,999 is 400',
    'searches',
    '"Less than 10,000" is documented, no more.',
  ),
  assume(
    'behaviour: searchAfter with pageNumber, or values of other types, is 400',
    'searches',
    'Not documented.',
  ),
  assume(
    'behaviour: without sort, created.dateTime descending',
    'searches',
    'Not documented; tags by id, commands by id.',
  ),
  assume(
    'behaviour: sortValues of that order',
    'searches',
    'What rows carry without sort is not documented.',
  ),
  assume(
    'behaviour: ties in another order at every request',
    'searches',
    'Why the page asks for unique sort keys.',
  ),
  assume('behaviour: missing values come last, as null', 'searches', 'Not documented.'),
  assume(
    'behaviour: startAt and endAt include their ends',
    'searches',
    'They look at created.dateTime alone here.',
  ),
  assume('behaviour: lab tags are hidden without labTag', 'tags', 'A filter is "mandatory to get lab tags".'),
  assume(
    'behaviour: plain text matches all its words',
    'QQL',
    'Whole words in any order, in either case; trailing * as prefix.',
  ),
  assume(
    "behaviour: `exact` and 'exact' match in this case only",
    'QQL',
    'Documented as exact; nothing on case.',
  ),
  assume('behaviour: ids and enums match whole, in either case', 'QQL', 'Not documented.'),
  assume('behaviour: a date without a time is its whole day', 'QQL', 'Not documented; in UTC.'),
  assume('behaviour: a NOT b is a AND NOT b', 'QQL', 'Not documented.'),
  assume('behaviour: 4,000 characters, 40 levels', 'QQL', 'Ours, so that hostile input stays cheap.'),
  assume(
    'behaviour: an unknown token is 400',
    'QQL',
    'Not documented; the knob unknownToken has the other ways.',
  ),
  assume('behaviour: comparing what has no order is 400', 'QQL', 'Seen on a sister product.'),
  assume(
    'behaviour: now is the end of the seeded data',
    'QQL',
    'So that now-7d finds the same rows every year.',
  ),
]

const environment: Assumption[] = [
  assume('header X-RateLimit-*', '/sm', 'No page says whether CAR sends them: off unless the knob is on.'),
]

/** All assumptions of the sandbox. A test compares this list with the tables that it refers to. */
export const assumptions: readonly Assumption[] = [
  ...routes,
  ...recordFields,
  ...filterTokens,
  ...spellings,
  ...logins,
  ...answers,
  ...searching,
  ...environment,
  ...effectAssumptions,
  ...saqAssumptions,
  ...faultAssumptions,
]
