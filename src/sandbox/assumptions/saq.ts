import { type Assumption, assume, assumeEach } from './assumption.ts'

const routes: Assumption[] = [
  assume(
    'route POST /qps/rest/1.0/delete/saq/template/{templateId}',
    'SAQ',
    'No page; by the rule that paths follow. The user interface deletes templates.',
  ),
]

const records: Assumption[] = [
  ...assumeEach(
    'field',
    'elements.sections.Section.name elements.sections.Section.description elements.sections.Section.questions.Question.label elements.sections.Section.questions.Question.text elements.sections.Section.questions.Question.type elements.sections.Section.questions.Question.mode elements.sections.Section.questions.Question.criticality elements.sections.Section.questions.Question.requireAttachment elements.sections.Section.questions.Question.requireComment elements.sections.Section.questions.Question.requireAsset elements.sections.Section.questions.Question.yesScoringLabel elements.sections.Section.questions.Question.noScoringLabel elements.sections.Section.questions.Question.options.Option.text elements.sections.Section.questions.Question.options.Option.scoringLabel elements.scorings.Scoring.label elements.scorings.Scoring.value',
    'templates',
    'The reference names most of the elements; how they nest is cut off in every sample. Options are ours.',
  ),
  ...assumeEach(
    'field',
    'name description category familyId revision isLibrary questionCnt state',
    'librarytemplates',
    'The sample is cut off behind uuid; the names are those it can be searched by. Without its elements.',
  ),
  ...assumeEach(
    'field',
    'dueDate recipients.User.id recipients.User.firstName recipients.User.lastName recipients.User.company recipients.User.emailAddress',
    'campaigns',
    'The samples are cut off before; the knobs campaignDueDate and campaignRecipients leave them out.',
  ),
  ...assumeEach(
    'field',
    'campaign.name created updated',
    'questionnaires',
    'The sample is cut off within dueDate. Nothing public says that a questionnaire holds its user or answers.',
  ),
  assume(
    'spelling numericQuestion, textQuestion, booleanQuestion',
    'templates',
    'The list is open-ended on the page.',
  ),
  assume(
    'spelling singleSelectQuestion, multiSelectQuestion',
    'templates',
    'By analogy; the user interface has both.',
  ),
  assume('spelling LOW, MEDIUM, HIGH', 'templates criticality', 'INFO and CRITICAL are documented, and "…".'),
  assume('behaviour: risk is absent until answered', 'questionnaires', 'Not documented.'),
  assume(
    'behaviour: search rows are whole records',
    'templates, campaigns',
    'The samples of the searches are cut off.',
  ),
]

const signIn: Assumption[] = [
  assume(
    'status 200 of INVALID_CREDENTIALS and UNAUTHORIZED',
    '/qps',
    'Recorded of WAS; the knob saqLoginStatus.',
  ),
  assume(
    'behaviour: Bearer is INVALID_CREDENTIALS',
    '/qps',
    'Documented for WAS alone; the knob saqBearer takes it.',
  ),
  assume(
    'behaviour: locked and expired users are INVALID_CREDENTIALS',
    '/qps',
    'The API server is known not to tell a wrong password from other reasons.',
  ),
  assume('body of INSUFFICIENT_PERMISSION', '/qps', 'A code that one client knows; its text is ours.'),
  assume(
    'behaviour: saq-emea sees its own campaigns and what belongs to them',
    '/qps',
    '"Within the scope of the user" is all the pages say.',
  ),
]

const answers: Assumption[] = [
  assume('body of OBJECT_NOT_FOUND', '/qps', 'The code is known, no text is.'),
  assume('spelling of errorResolution', '/qps', 'The appendix is known re-worded.'),
  assume(
    'behaviour: nested elements are named with their parent',
    '/qps',
    'As Attribute.category in the appendix.',
  ),
  assume('behaviour: XML that is not well-formed is INVALID_REQUEST', '/qps', 'No code for it was found.'),
  assume('behaviour: a JSON body is INVALID_REQUEST', '/qps', 'No SAQ page shows JSON but for the version.'),
  assume(
    'behaviour: answers are XML whatever Accept says',
    '/qps',
    'As above; the version answers JSON too.',
  ),
  assume('behaviour: a DTD is INVALID_REQUEST', '/qps', 'Ours, so that hostile input stays cheap.'),
  assume('body of 404, 405, 415', '/qps', 'Not documented: a page of the web server.'),
  assume('behaviour: a slash at the end makes no difference', '/qps', 'The pages have both.'),
  assume(
    'behaviour: JSON of the version is without FIM, CERTVIEW, IOC and AV2',
    '/qps',
    'As its sample is printed.',
  ),
]

const searching: Assumption[] = [
  assume('input preferences', 'SAQ searches', 'Of the sister modules; no SAQ page shows them.'),
  assume(
    'behaviour: limitResults outside of 1 to 1,000 is INVALID_REQUEST',
    'SAQ searches',
    'Not documented.',
  ),
  assume(
    'behaviour: startFromId counts itself in, startFromOffset counts from there',
    'SAQ searches',
    'Not documented.',
  ),
  assume(
    'behaviour: id GREATER pages',
    'SAQ searches',
    'Of the sister modules; the knob idGreater refuses it.',
  ),
  assume('behaviour: rows come by id', 'SAQ searches', 'What lastId and GREATER need.'),
  assume(
    'field hasMoreRecords, lastId',
    'SAQ searches',
    'lastId is of the sister modules; knobs have other ways.',
  ),
  assume('behaviour: data is absent when nothing matched', 'SAQ searches', 'Seen of a sister module.'),
  assume('behaviour: CONTAINS in either case, EQUALS in this one', 'SAQ searches', 'Not documented.'),
  assume(
    'behaviour: text is compared with its blanks, other values without',
    'SAQ searches',
    'Not documented.',
  ),
  assume(
    'body of INVALID_REQUEST for an unknown field or operator',
    'SAQ searches',
    'By the patterns of the appendix.',
  ),
  assume('behaviour: a body of GET is not read', 'SAQ', 'Two samples send one.'),
]

const effects: Assumption[] = [
  assume(
    'behaviour: an element that the sandbox does not know is INVALID_REQUEST',
    'SAQ effects',
    'The text is that of the appendix; the knob strictEffects turns it off. Searches refuse it always.',
  ),
  assume(
    'behaviour: an update or a delete without filters means all there are',
    'SAQ effects',
    'Filters are documented as optional; nothing says that they are asked for.',
  ),
  assume('behaviour: one object that is refused and none is changed', 'SAQ effects', 'Not documented.'),
  assume(
    'behaviour: ids in path and body that differ are INVALID_REQUEST',
    'SAQ effects',
    'But for launch: see there.',
  ),
  assume(
    'behaviour: text is kept with its blanks, words and dates are read without',
    'SAQ effects',
    'Not documented.',
  ),
  assume('behaviour: set, add and remove go together, in this order', 'SAQ lists', 'Of the sister modules.'),
]

const templates: Assumption[] = [
  assume(
    'input libraryTemplate',
    'POST /qps/rest/1.0/create/saq/template',
    'Create from library has a page that could not be read; without guessed routes it must not be set.',
  ),
  ...assumeEach(
    'input',
    'Question.noScoringLabel Question.options',
    'POST /qps/rest/1.0/create/saq/template',
    'The reference is cut off behind yesScoringLabel; a counterpart and options are to be expected.',
  ),
  assume(
    'behaviour: name, category and a question are required',
    'templates',
    'The column of the page has slipped.',
  ),
  assume(
    'behaviour: mode is Button for yes/no, Radio or Combo for single select',
    'templates',
    'A guess at the page.',
  ),
  assume(
    'behaviour: scoring labels that are used are declared, at most five',
    'templates',
    'Five is portal help.',
  ),
  assume('behaviour: the elements of a published template stay', 'templates', 'Why there are new versions.'),
  assume('behaviour: publish takes drafts alone, newversion published ones', 'templates', 'Not documented.'),
  assume(
    'behaviour: newversion answers the old id',
    'templates',
    'As the sample; the knob newVersionAnswers has the other way.',
  ),
  assume('behaviour: a template that a campaign needs is not deleted', 'templates', 'Not documented.'),
  assume(
    'body of create, create from library, delete',
    'templates',
    'As update and delete of their siblings.',
  ),
]

const campaigns: Assumption[] = [
  ...assumeEach(
    'input',
    'dueDate recipients',
    'POST /qps/rest/1.0/create/saq/questionnairecampaign',
    'The table prints "due date", and is cut off before recipients; those are as update has them.',
  ),
  assume(
    'input dueDate',
    'POST /qps/rest/1.0/update/saq/questionnairecampaign',
    'The table prints "due date".',
  ),
  assume('body of create, update, cancel, delete', 'campaigns', 'In full as launch, but delete with the id.'),
  assume('behaviour: dueDate is in the future, the template published', 'campaigns', 'Not documented.'),
  assume(
    'behaviour: SIMPLE takes no reviewer, REVIEWABLE no approver',
    'campaigns',
    'Their need is documented.',
  ),
  assume('behaviour: launch takes the id of its body', 'campaigns', 'The two ids of the sample differ.'),
  assume('behaviour: launch needs recipients', 'campaigns', 'Not documented.'),
  assume(
    'behaviour: assigned is New, and changes nothing',
    'campaigns',
    'A word of the sample without a meaning.',
  ),
  assume('behaviour: who is a recipient already gets nothing new', 'campaigns', 'Not documented.'),
  assume('behaviour: who is removed from an active campaign is CANCELED', 'campaigns', 'Not documented.'),
  assume('behaviour: an active campaign keeps template and workflowType', 'campaigns', 'Not documented.'),
  assume(
    'behaviour: cancel takes active campaigns, update no others than those and inactive',
    'campaigns',
    'As above.',
  ),
  assume(
    'behaviour: cancel leaves what is closed or incomplete',
    'campaigns',
    '"Read-only" is all that is said.',
  ),
  assume('behaviour: delete takes the questionnaires along', 'campaigns', 'Not documented.'),
  assume(
    'behaviour: questionnaires move on by the clock',
    'campaigns',
    'Six of seven recipients answer, after answerDays on average; judges are quicker. Seeded ones stay as they are.',
  ),
  assume(
    'behaviour: INCOMPLETE two weeks after dueDate',
    'campaigns',
    'The state is documented, its cause is not.',
  ),
  assume(
    'behaviour: COMPLETE when the last questionnaire has ended',
    'campaigns',
    'Portal help says as much.',
  ),
]

const users: Assumption[] = [
  ...[
    'POST /qps/rest/1.0/create/saq/user',
    'POST /qps/rest/1.0/update/saq/user',
    'POST /qps/rest/1.0/update/saq/user/{userId}',
  ].map((route) =>
    assume('input Tag.id', route, 'The pages name tags.tag.name; update lists tags.tag.id as well.'),
  ),
  assume('behaviour: addresses are unique, in either case', 'users', 'Not documented.'),
  assume('behaviour: a tag name that is new makes a tag', 'users', 'Not documented.'),
  assume(
    'behaviour: uuid in an update is not looked at',
    'users',
    'The page lists it as an optional element.',
  ),
  assume('body of update', 'users', 'The sample is cut off; ids alone, as delete.'),
  assume(
    'behaviour: whoever is deleted leaves inactive campaigns',
    'users',
    'Questionnaires that are out stay.',
  ),
]

/** The assumptions about the questionnaire module. */
export const saqAssumptions: readonly Assumption[] = [
  ...routes,
  ...records,
  ...signIn,
  ...answers,
  ...searching,
  ...effects,
  ...templates,
  ...campaigns,
  ...users,
]
