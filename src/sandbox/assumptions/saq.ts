import type { AssumptionTable } from './assumption.ts'

/** What no page documents of SAQ, and has no declaration of its own. */
export const saqAssumptions: AssumptionTable = {
  templates: {
    'spelling numericQuestion, textQuestion, booleanQuestion': 'The list is open-ended on the page.',
    'spelling singleSelectQuestion, multiSelectQuestion': 'By analogy; the user interface has both.',
    'behaviour: name, category and a question are required': 'The column of the page has slipped.',
    'behaviour: a section holds questions or sections, at any depth':
      'The reference says that it may hold both; questions outside of sections are not made up.',
    'field elements.sections.Section.id, weight of a question':
      'Only with the knob templateFields: what Qualys stores besides is unknown.',
    'behaviour: mode is Button for yes/no, Radio or Combo for single select': 'A guess at the page.',
    'behaviour: scoring labels that are used are declared, at most five': 'Five is portal help.',
    'behaviour: the elements of a published template stay': 'Why there are new versions.',
    'behaviour: publish takes drafts alone, newversion published ones': 'Not documented.',
    'behaviour: newversion answers the old id':
      'As the sample; the knob newVersionAnswers has the other way.',
    'behaviour: a template that a campaign needs is not deleted': 'Not documented.',
    'body of create, create from library, delete': 'As update and delete of their siblings.',
  },
  'templates criticality': { 'spelling LOW, MEDIUM, HIGH': 'INFO and CRITICAL are documented, and "…".' },
  questionnaires: { 'behaviour: risk is absent until answered': 'Not documented.' },
  'templates, campaigns': {
    'behaviour: search rows are whole records': 'The samples of the searches are cut off.',
  },
  '/qps': {
    'status 200 of INVALID_CREDENTIALS and UNAUTHORIZED': 'Recorded of WAS; the knob saqLoginStatus.',
    'behaviour: Bearer is INVALID_CREDENTIALS': 'Documented for WAS alone; the knob saqBearer takes it.',
    'behaviour: locked and expired users are INVALID_CREDENTIALS':
      'The API server is known not to tell a wrong password from other reasons.',
    'body of INSUFFICIENT_PERMISSION': 'A code that one client knows; its text is ours.',
    'behaviour: saq-emea sees its own campaigns and what belongs to them':
      '"Within the scope of the user" is all the pages say.',
    'body of OBJECT_NOT_FOUND': 'The code is known, no text is.',
    'spelling of errorResolution': 'The appendix is known re-worded.',
    'behaviour: nested elements are named with their parent': 'As Attribute.category in the appendix.',
    'behaviour: XML that is not well-formed is INVALID_REQUEST': 'No code for it was found.',
    'behaviour: a JSON body is INVALID_REQUEST': 'No SAQ page shows JSON but for the version.',
    'behaviour: answers are XML whatever Accept says': 'As above; the version answers JSON too.',
    'behaviour: a DTD is INVALID_REQUEST': 'Ours, so that hostile input stays cheap.',
    'body of 404, 405, 415': 'Not documented: a page of the web server.',
    'behaviour: a slash at the end makes no difference': 'The pages have both.',
    'behaviour: JSON of the version is without FIM, CERTVIEW, IOC and AV2': 'As its sample is printed.',
  },
  'SAQ searches': {
    'input preferences': 'Of the sister modules; no SAQ page shows them.',
    'behaviour: limitResults outside of 1 to 1,000 is INVALID_REQUEST': 'Not documented.',
    'behaviour: startFromId counts itself in, startFromOffset counts from there': 'Not documented.',
    'behaviour: id GREATER pages': 'Of the sister modules; the knob idGreater refuses it.',
    'behaviour: rows come by id': 'What lastId and GREATER need.',
    'field hasMoreRecords, lastId': 'lastId is of the sister modules; knobs have other ways.',
    'behaviour: data is absent when nothing matched': 'Seen of a sister module.',
    'behaviour: CONTAINS in either case, EQUALS in this one': 'Not documented.',
    'behaviour: text is compared with its blanks, other values without': 'Not documented.',
    'body of INVALID_REQUEST for an unknown field or operator': 'By the patterns of the appendix.',
  },
  SAQ: { 'behaviour: a body of GET is not read': 'Two samples send one.' },
  'SAQ effects': {
    'body of an effect':
      'The sample of launch shows the object and is cut off, that of delete the id; the knob saqAnswers has less.',
    'behaviour: an element that the sandbox does not know is INVALID_REQUEST':
      'The text is that of the appendix; the knob strictEffects turns it off. Searches refuse it always.',
    'behaviour: an update or a delete without filters means all there are':
      'Filters are documented as optional; nothing says that they are asked for.',
    'behaviour: one object that is refused and none is changed': 'Not documented.',
    'behaviour: ids in path and body that differ are INVALID_REQUEST': 'But for launch: see there.',
    'behaviour: text is kept with its blanks, words and dates are read without': 'Not documented.',
  },
  'SAQ lists': { 'behaviour: set, add and remove go together, in this order': 'Of the sister modules.' },
  campaigns: {
    'body of create, update, cancel, delete': 'In full as launch, but delete with the id.',
    'behaviour: dueDate is in the future, the template published': 'Not documented.',
    'behaviour: SIMPLE takes no reviewer, REVIEWABLE no approver': 'Their need is documented.',
    'behaviour: launch takes the id of its body': 'The two ids of the sample differ.',
    'behaviour: launch needs recipients': 'Not documented.',
    'behaviour: assigned is New, and changes nothing': 'A word of the sample without a meaning.',
    'behaviour: who is a recipient already gets nothing new': 'Not documented.',
    'behaviour: who is removed from an active campaign is CANCELED': 'Not documented.',
    'behaviour: an active campaign keeps template and workflowType': 'Not documented.',
    'behaviour: cancel takes active campaigns, update no others than those and inactive': 'As above.',
    'behaviour: cancel leaves what is closed or incomplete': '"Read-only" is all that is said.',
    'behaviour: delete takes the questionnaires along': 'Not documented.',
    'behaviour: questionnaires move on by the clock':
      'Six of seven recipients answer, after answerDays on average; judges are quicker. Seeded ones stay as they are.',
    'behaviour: INCOMPLETE two weeks after dueDate': 'The state is documented, its cause is not.',
    'behaviour: COMPLETE when the last questionnaire has ended': 'Portal help says as much.',
  },
  users: {
    'behaviour: addresses are unique, in either case': 'Not documented.',
    'behaviour: of a list with an address that exists, nobody is created':
      'Not documented; the knob userLists creates those before it.',
    'behaviour: a tag name that is new makes a tag': 'Not documented.',
    'behaviour: uuid in an update is not looked at': 'The page lists it as an optional element.',
    'body of update': 'The sample is cut off; ids alone, as delete.',
    'behaviour: whoever is deleted leaves inactive campaigns': 'Questionnaires that are out stay.',
  },
}
