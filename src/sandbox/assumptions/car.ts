import type { AssumptionTable } from './assumption.ts'

/** What no page documents of CAR and of its logins, and has no declaration of its own. */
export const carAssumptions: AssumptionTable = {
  'assetjobs output': {
    'spelling of failures': 'Only 0 and SUCCESS are documented; codes and texts are ours.',
  },
  'reports status': { 'spelling IN_PROGRESS, FAILED': 'Only COMPLETED is documented.' },
  schedules: {
    'body of a search, of the knob scheduleRecord':
      'The page shows the id and a field that begins with "custom"; the other fields are those of update.',
    'spelling HOURLY, DAILY, WEEKLY, MONTHLY': 'The rhythms are documented as words, the field is not.',
    'behaviour: startDate is midnight UTC of the first day, startTime the first run, both epoch milliseconds':
      'Strings at create, integers at update: that is documented, what they hold is not. Anything else is 400.',
    'behaviour: a start in the past is 400': 'Not documented; a start that an update keeps is not.',
    'behaviour: RECURRING needs recurrence': 'Documented for its dates; update keeps what it has.',
    'behaviour: ONE_TIME takes no recurrence, and update to it drops it': 'Not documented.',
    'behaviour: a schedule without targets is 400': 'Not documented.',
    'behaviour: the title of a scheduled script must be its own':
      'Both are mandatory; so that a slip of a client shows.',
    'behaviour: without activate a new schedule is off': 'Optional; its default is not documented.',
    'behaviour: a new schedule that is on asks for the permission to activate as well':
      'The roles of CAR give an author one and not the other.',
    'behaviour: schedules never run': 'Their moment may be years of the clock away.',
    'behaviour: of parameters the names are stored': 'Their values may be secrets.',
    'body of create': 'No page shows it; as scripts answer, the id being a UUID.',
    'body of create and update without an id, of the knob effectIds': 'No page shows that there is one.',
    'body of update, activate, deactivate, delete': 'No page shows them: {body} as the search.',
  },
  'script types': { 'id 2, 3': 'The three names are documented, and 1 for the first of them.' },
  'script languages': { 'id 202, 203, 509, 510, 511, 601, 602': 'Only 4, 201 and 508 occur in samples.' },
  categories: { 'id 2, 3': 'Only 1 is documented with its name; 6 and 605 occur without one.' },
  'JWT claims': {
    'field jti, customerUuid': 'The sample token is cut off; jti keeps tokens of one second apart.',
  },
  'JWT modulesAllowed': { 'spelling SM, SAQ': 'The module names of CAR and SAQ are not known.' },
  '/auth': {
    'body of 401 for locked, expired-password, no-api, ip-blocked, sso-only': 'Words of Apereo CAS.',
    'status 401 for those users': 'Not documented; the shape is that of a wrong password.',
  },
  '/auth, /auth/oidc, /auth/oauth': {
    'body of 400 for a missing field': 'The status is an inference from CAS.',
  },
  '/auth/oidc, /auth/oauth': { 'status 201': 'Not documented; as /auth. Clients accept 200 and 201.' },
  '/sm': {
    'body of 403 for a user without CAR': 'Not documented.',
    'body of 400: errorCode "400"': 'No page shows a failed envelope or lists error codes.',
    'body of 404 by id: errorCode "404"': 'As above.',
    'body of 404, 405, 410, 415': 'The Spring shape is documented for 401 alone, without timestamp and path.',
    'status 410 of retired versions': 'Documented as "404 or 410"; v2 and v3 of script count as retired too.',
    'behaviour: login is checked before the path': 'An unknown path without a token answers 401.',
    'header X-RateLimit-*': 'No page says whether CAR sends them: off unless the knob is on.',
    'body of 403: errorCode "403"': 'No page shows what a missing permission answers.',
    'behaviour: which route asks for which permission':
      'The roles are documented, what each call asks for only for some; assets and tags ask for none.',
    'header date': "HTTP, by the platform's clock and not the machine's.",
  },
  'scripts, schedules': { 'body of by-id answers': 'Enveloped like a search.' },
  'script-types, script-language': { 'body {totalCount, list}': 'No page shows these answers.' },
  'scripts/export': {
    'body: JSON attachment': 'The format of an export is not documented; ids may be comma-joined.',
    'body: CSV and zip of the knob scriptExports':
      'As likely as JSON; their columns and files are made up. 404 is what a route answers that is gone.',
  },
  'scripts/{scriptId}': {
    'body without content of the knob scriptContent': 'No page shows the record; it may leave the code out.',
  },
  assets: {
    'field id, assetId, agentUuid, lastCheckedIn, interfaces, manifest of the knob hostRecord':
      'The record of File Integrity Monitoring, a sister module with the same searches: no proof for CAR.',
    'spelling of tags by UUID of the knob hostTags':
      'As in File Integrity Monitoring and Patch Management; the tokens tags and tags.id are guesses.',
    'spelling of tags by name, and a host without tags, of the knob hostTags':
      'No page shows a host record: it may hold either.',
  },
  jobs: {
    'field description of the knob runDescriptions':
      'An input of execute; no page shows it in the record of a run.',
  },
  'assetjobs asset': {
    'field asset.agentUuid of the knob resultHosts':
      'Reports have the column Agent Uuid; that rows name a host so, or not at all, is a guess.',
  },
  'assetjobs status': {
    'spelling MANIFEST_PARSE_SUCCESS, EXECUTION PASSED of the knob hostStatus':
      'Public code that reads reports has both words; that rows hold them, and in this field, is a guess.',
    'spelling EXECUTION FAILED': 'Public code takes every other word for a failure, and names none.',
  },
  'reports/{reportId}/download': {
    'body: CSV of one line per host':
      'Public code that reads such a file names its columns; no page shows one.',
    'body: order of the columns, lines above the header, words of failures':
      'Ours; which lines there are is not known.',
    'behaviour: a report is about the last run before it, and either of its two ids is taken':
      'Not documented.',
  },
  'blocked-commands': {
    'body of block-commands/search': 'As the retired call by language id showed it.',
    'body of block-commands: id is the language id': 'As in the sample: 201 for 201.',
    'behaviour: adding commands makes a set of its own': 'Sets have ids, and v2 updates and deletes by them.',
    'behaviour: adding commands to the set of the language, of the knob addedCommands':
      'The sample has one row for a language, and v1 identifies by it.',
    'behaviour: update and delete of v1 mean all sets of a language': 'They know no command ids.',
    'behaviour: one unknown id and nothing is deleted': 'The answer has no room for it.',
  },
  scripts: {
    'behaviour: sort on scripts/search': 'The paging example shows filter, pageSize and pageNumber.',
    'behaviour: approving at once is for managers':
      'Approve is a permission of the manager; that the calls ask for it is a guess.',
    'body of create, update': 'No page shows them; as the import from the library answers.',
    'body without an id, of the knob effectIds': 'No page shows that create and update answer with one.',
    'field status, approvedBy of the knob scriptAnswers':
      'No page shows all of an answer; records may come back as a whole.',
    'behaviour: a script stays pending though it was sent as approved, of the knob scriptApproval':
      'No page says what happens without the permission, or where two people have to approve.',
    'behaviour: new content has to be approved again, of the knob changedScripts':
      'Not documented either way; only scripts that are not approved are called editable in the UI.',
    'behaviour: mandatory platform and severity':
      'Mandatory on the page of v2 alone; v5 is taken to have kept that.',
    'behaviour: without category General Automation, without threshold 300 seconds':
      'Both are optional; their defaults are not documented.',
    'behaviour: a forced subType that is given must be the forced one': 'The page says "auto" for them.',
    'behaviour: a blocked command counts as a word of its own, in either case':
      'Documented as refused at creation, no more; repositories and updates are looked at too.',
    'behaviour: content together with a repository is 400': 'Documented as alternatives.',
    'behaviour: what repositories hold; private ones have "private" in their address and one token':
      'There is no repository. Text is made from the address, the tokens are in accounts.ts.',
    'behaviour: a GitLab URL with a query is 400':
      'The note says to copy no further than the name of the file.',
    'behaviour: sync flags may be updated without an address': 'Everything is optional on the page.',
    'behaviour: detectionRegex may have any shape': 'Documented by name alone.',
    'behaviour: an update leaves the status alone': 'Not documented.',
    'behaviour: clone of a name that several scripts have is 400': 'Not documented.',
    'behaviour: scripts of others do not count for the limit per user': 'Taken literally.',
  },
  tags: {
    'type of id, tagId, customerId': 'The page names the fields; which are strings is a guess.',
    'behaviour: lab tags are hidden without labTag': 'A filter is "mandatory to get lab tags".',
  },
  searches: {
    'behaviour: page that ends behind row 9,999 is 400': '"Less than 10,000" is documented, no more.',
    'behaviour: searchAfter with pageNumber, or values of other types, is 400': 'Not documented.',
    'behaviour: without sort, created.dateTime descending': 'Not documented; tags by id, commands by id.',
    'behaviour: sortValues of that order': 'What rows carry without sort is not documented.',
    'behaviour: ties in another order at every request': 'Why the page asks for unique sort keys.',
    'behaviour: missing values come last, as null': 'Not documented.',
    'behaviour: startAt and endAt include their ends': 'They look at created.dateTime alone here.',
  },
  QQL: {
    'behaviour: plain text matches all its words':
      'Whole words in any order, in either case; trailing * as prefix.',
    "behaviour: `exact` and 'exact' match in this case only": 'Documented as exact; nothing on case.',
    'behaviour: ids and enums match whole, in either case': 'Not documented.',
    'behaviour: a date without a time is its whole day': 'Not documented; in UTC.',
    'behaviour: a NOT b is a AND NOT b': 'Not documented.',
    'behaviour: 4,000 characters, 40 levels': 'Ours, so that hostile input stays cheap.',
    'behaviour: an unknown token is 400': 'Not documented; the knob unknownToken has the other ways.',
    'behaviour: comparing what has no order is 400': 'Seen on a sister product.',
    'behaviour: now is the end of the seeded data': 'So that now-7d finds the same rows every year.',
  },
  effects: {
    'behaviour: a body field that the sandbox does not know is 400':
      'Not documented: so that a slip of a client shows. The knob strictEffects turns it off.',
    'behaviour: null is the same as absent': 'As the samples of execute use it.',
  },
  runs: {
    'behaviour: what is refused at execution, as 400': 'Documented in words, without an answer.',
    'behaviour: in testMode targets come from testAssets and testTags alone, and these from testMode alone':
      'The page makes them mandatory there, and says nothing of mixtures.',
    'behaviour: the platform of a host is not looked at':
      'What Qualys does with a host of another platform is not documented: here it runs like any other.',
    'behaviour: runs unfold by the clock of the sandbox':
      'A job appears after jobDelayMs, hosts end hostSeconds later on average, some never; see knobs.ts.',
    'behaviour: a host that times out ends after twice the mean':
      'Not after the threshold of its script, for which no test would wait.',
    'behaviour: what hosts print': 'What the script echoes, or what fits its subject.',
    'behaviour: evaluations count for the 1,000 a day': 'Documented for executions; days are UTC.',
    'behaviour: a host that never answers has no result, of the knob silentHosts':
      'No page says whether a host that is offline is listed; a result that stays open is as likely.',
    'behaviour: a longer list of asset ids than the knob maxRunHosts is 400':
      'assetIds is one String without a documented limit; hosts under a tag do not count.',
    'behaviour: a run from the portal shows as Manual, as one of the API does':
      'Manual is documented for runs without a schedule; that a row does not tell the two apart is a guess.',
  },
  configuration: { 'behaviour: user may name anybody': 'It is for activity tracking, which has no API.' },
  'block-assets, block-tags': {
    'behaviour: success and failure are both there, be they empty': 'The sample shows both filled.',
    'behaviour: blocking twice succeeds, unblocking what is not blocked fails':
      'Documented is that invalid ids fail.',
  },
  assetjobs: {
    'behaviour: without job with the knob resultJobs':
      'Every copy of the page cuts the record off; the token job.id is documented, the field is not.',
    'behaviour: invalid are asset jobs that are open for over 24 hours':
      'What "invalid" means is not documented; the answer is that of the block-* calls.',
  },
  reports: {
    'body of generate and delete': 'Without an envelope, as the list of reports.',
    'body of generate without an id, of the knob effectIds': 'No page shows that there is one.',
    'behaviour: a report is made within reportSeconds': 'Not documented; by the clock here.',
  },
  'script-library': {
    'id of library scripts': 'Only 234564 occurs in a sample; no call lists the others.',
    'behaviour: v1 imports Custom Scripts': 'It takes no type; the sub-type is that of the library script.',
    'behaviour: any library script can be of any type': 'Nothing says otherwise.',
  },
}
