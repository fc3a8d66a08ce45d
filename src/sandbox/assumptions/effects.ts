import { type Assumption, assume, assumeEach } from './assumption.ts'

const refusals: Assumption[] = [
  assume(
    'behaviour: a body field that the sandbox does not know is 400',
    'effects',
    'Not documented: so that a slip of a client shows. The knob strictEffects turns it off.',
  ),
  assume('behaviour: null is the same as absent', 'effects', 'As the samples of execute use it.'),
  assume('body of 403: errorCode "403"', '/sm', 'No page shows what a missing permission answers.'),
  assume(
    'behaviour: which route asks for which permission',
    '/sm',
    'The roles are documented, what each call asks for only for some; assets and tags ask for none.',
  ),
  assume(
    'behaviour: approving at once is for managers',
    'scripts',
    'Approve is a permission of the manager; that the calls ask for it is a guess.',
  ),
  assume('header date', '/sm', "HTTP, by the platform's clock and not the machine's."),
]

const scripts: Assumption[] = [
  assume('body of create, update', 'scripts', 'No page shows them; as the import from the library answers.'),
  assume(
    'behaviour: mandatory platform and severity',
    'scripts',
    'Mandatory on the page of v2 alone; v5 is taken to have kept that.',
  ),
  assume(
    'behaviour: without category General Automation, without threshold 300 seconds',
    'scripts',
    'Both are optional; their defaults are not documented.',
  ),
  assume(
    'behaviour: a forced subType that is given must be the forced one',
    'scripts',
    'The page says "auto" for them.',
  ),
  assume(
    'behaviour: a blocked command counts as a word of its own, in either case',
    'scripts',
    'Documented as refused at creation, no more; repositories and updates are looked at too.',
  ),
  assume('behaviour: content together with a repository is 400', 'scripts', 'Documented as alternatives.'),
  assume(
    'behaviour: what repositories hold; private ones have "private" in their address and one token',
    'scripts',
    'There is no repository. Text is made from the address, the tokens are in accounts.ts.',
  ),
  assume(
    'behaviour: a GitLab URL with a query is 400',
    'scripts',
    'The note says to copy no further than the name of the file.',
  ),
  assume(
    'behaviour: sync flags may be updated without an address',
    'scripts',
    'Everything is optional on the page.',
  ),
  assume('behaviour: detectionRegex may have any shape', 'scripts', 'Documented by name alone.'),
  ...['POST /sm/v5/script', 'PATCH /sm/v4/script/{scriptId}'].flatMap((route) =>
    assumeEach(
      'input',
      'qidTitle qidSeverity vulnerabilityType qdsScore',
      route,
      'The user interface has these fields; their names on the wire are not known.',
    ),
  ),
  assume('behaviour: an update leaves the status alone', 'scripts', 'Not documented.'),
  assume('behaviour: clone of a name that several scripts have is 400', 'scripts', 'Not documented.'),
  assume('behaviour: scripts of others do not count for the limit per user', 'scripts', 'Taken literally.'),
]

const runs: Assumption[] = [
  assume(
    'input params',
    'POST /sm/v1/scripts/{scriptId}/execute',
    'No copy shows it; as on the schedule pages.',
  ),
  assume(
    'behaviour: what is refused at execution, as 400',
    'runs',
    'Documented in words, without an answer.',
  ),
  assume(
    'behaviour: in testMode targets come from testAssets and testTags alone, and these from testMode alone',
    'runs',
    'The page makes them mandatory there, and says nothing of mixtures.',
  ),
  assume(
    'behaviour: the platform of a host is not looked at',
    'runs',
    'What Qualys does with a host of another platform is not documented: here it runs like any other.',
  ),
  assume(
    'behaviour: runs unfold by the clock of the sandbox',
    'runs',
    'A job appears after jobDelayMs, hosts end hostSeconds later on average, some never; see knobs.ts.',
  ),
  assume(
    'behaviour: a host that times out ends after twice the mean',
    'runs',
    'Not after the threshold of its script, for which no test would wait.',
  ),
  assume('behaviour: what hosts print', 'runs', 'What the script echoes, or what fits its subject.'),
  assume(
    'behaviour: evaluations count for the 1,000 a day',
    'runs',
    'Documented for executions; days are UTC.',
  ),
]

const guardrails: Assumption[] = [
  assume(
    'behaviour: user may name anybody',
    'configuration',
    'It is for activity tracking, which has no API.',
  ),
  assume(
    'body of block-commands: id is the language id',
    'blocked-commands',
    'As in the sample: 201 for 201.',
  ),
  assume(
    'behaviour: adding commands makes a set of its own',
    'blocked-commands',
    'Sets have ids, and v2 updates and deletes by them.',
  ),
  assume(
    'behaviour: update and delete of v1 mean all sets of a language',
    'blocked-commands',
    'They know no command ids.',
  ),
  assume(
    'behaviour: one unknown id and nothing is deleted',
    'blocked-commands',
    'The answer has no room for it.',
  ),
  assume(
    'behaviour: success and failure are both there, be they empty',
    'block-assets, block-tags',
    'The sample shows both filled.',
  ),
  assume(
    'behaviour: blocking twice succeeds, unblocking what is not blocked fails',
    'block-assets, block-tags',
    'Documented is that invalid ids fail.',
  ),
]

const schedules: Assumption[] = [
  ...assumeEach(
    'route POST',
    '/sm/v1/scheduler/{scheduleId}/activate /sm/v1/scheduler/{scheduleId}/deactivate',
    'CAR',
    'Release 2.6 names the calls; method and path are cut off.',
  ),
  assume(
    'route DELETE /sm/v1/scheduler/{scheduleId}',
    'CAR',
    'Release 2.6 names the call; method and path are cut off.',
  ),
  ...assumeEach(
    'input',
    'scripts scheduleType recurrence allTagsForAssetsEnabled rebootAfterScriptExecution rebootDelayInSeconds rebootDelayTimeUnit executionPolicyBypassEnabled',
    'POST /sm/v1/scripts/scheduler',
    'All copies of the table end at startTime; the names are those of update, that of recurrence is ours.',
  ),
  ...assumeEach(
    'input',
    'recurrence endDate',
    'POST /sm/v1/scheduler/{scheduleId}',
    'All copies of the table end at executionPolicyBypassEnabled.',
  ),
  assume(
    'behaviour: startDate is midnight UTC of the first day, startTime the first run, both epoch milliseconds',
    'schedules',
    'Strings at create, integers at update: that is documented, what they hold is not. Anything else is 400.',
  ),
  assume(
    'behaviour: a start in the past is 400',
    'schedules',
    'Not documented; a start that an update keeps is not.',
  ),
  assume(
    'behaviour: RECURRING needs recurrence',
    'schedules',
    'Documented for its dates; update keeps what it has.',
  ),
  assume(
    'behaviour: ONE_TIME takes no recurrence, and update to it drops it',
    'schedules',
    'Not documented.',
  ),
  assume('behaviour: a schedule without targets is 400', 'schedules', 'Not documented.'),
  assume(
    'behaviour: the title of a scheduled script must be its own',
    'schedules',
    'Both are mandatory; so that a slip of a client shows.',
  ),
  assume(
    'behaviour: without activate a new schedule is off',
    'schedules',
    'Optional; its default is not documented.',
  ),
  assume(
    'behaviour: a new schedule that is on asks for the permission to activate as well',
    'schedules',
    'The roles of CAR give an author one and not the other.',
  ),
  assume('behaviour: schedules never run', 'schedules', 'Their moment may be years of the clock away.'),
  assume('behaviour: of parameters the names are stored', 'schedules', 'Their values may be secrets.'),
  assume('body of create', 'schedules', 'No page shows it; as scripts answer, the id being a UUID.'),
  assume(
    'body of update, activate, deactivate, delete',
    'schedules',
    'No page shows them: {body} as the search.',
  ),
]

const rest: Assumption[] = [
  assume(
    'route POST /sm/v1/assetjobs/delete',
    'CAR',
    'Release 2.4.1 names the call, and shows nothing of it.',
  ),
  assume('input ids', 'POST /sm/v1/assetjobs/delete', 'As the block-* calls take them; numbers or strings.'),
  assume(
    'behaviour: invalid are asset jobs that are open for over 24 hours',
    'assetjobs',
    'What "invalid" means is not documented; the answer is that of the block-* calls.',
  ),
  assume('route POST /sm/v1/reports', 'CAR', 'Method and path are documented, the body is cut off.'),
  ...assumeEach(
    'input',
    'reportName templateName fileFormat description',
    'POST /sm/v1/reports',
    'The names of the fields of a report. CSV and Script Job Report are the only values that are shown.',
  ),
  assume('route DELETE /sm/v1/reports/{reportId}', 'CAR', 'Release 2.4 names the call; its path is cut off.'),
  assume('body of generate and delete', 'reports', 'Without an envelope, as the list of reports.'),
  assume('behaviour: a report is made within reportSeconds', 'reports', 'Not documented; by the clock here.'),
  assume(
    'id of library scripts',
    'script-library',
    'Only 234564 occurs in a sample; no call lists the others.',
  ),
  assume(
    'behaviour: v1 imports Custom Scripts',
    'script-library',
    'It takes no type; the sub-type is that of the library script.',
  ),
  assume('behaviour: any library script can be of any type', 'script-library', 'Nothing says otherwise.'),
]

/** The assumptions about calls with an effect. */
export const effectAssumptions: readonly Assumption[] = [
  ...refusals,
  ...scripts,
  ...runs,
  ...guardrails,
  ...schedules,
  ...rest,
]
