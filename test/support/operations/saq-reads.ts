/** A read of SAQ, and its expected request. */
export interface SaqRead {
  readonly args: object
  readonly path: string
  /** If it differs from that of the route. */
  readonly method?: 'GET'
  /** The exact content of the ServiceRequest. None: no body may be sent. */
  readonly xml?: string
}

/** An input, and the Criteria it becomes (the filter tables of the search pages). */
type Filter = readonly [args: object, criteria: string]

const is = (field: string, operator: string, value: string): string =>
  `<Criteria field="${field}" operator="${operator}">${value}</Criteria>`

/** EQUALS, and CONTAINS. */
const text = (name: string, field = name): Filter[] => [
  [{ [name]: 'Acme' }, is(field, 'EQUALS', 'Acme')],
  [{ [`${name}Contains`]: 'c m' }, is(field, 'CONTAINS', 'c m')],
]
const uuid = '5d3c9a70-93b4-4f0a-b1f7-7c1a0be35c22'
/** EQUALS alone. */
const exact = (name: string): Filter[] => [[{ [name]: uuid }, is(name, 'EQUALS', uuid)]]
/** EQUALS for one value, alone or in a list; IN for several; ids as numbers or as text. */
const ids = (name: string, field = name): Filter[] => [
  [{ [name]: 767231592 }, is(field, 'EQUALS', '767231592')],
  [{ [name]: ['767231592'] }, is(field, 'EQUALS', '767231592')],
  [{ [name]: [767231592, '713091591', 7] }, is(field, 'IN', '767231592,713091591,7')],
]
const numbers = (name: string): Filter[] => [
  [{ [name]: [5] }, is(name, 'EQUALS', '5')],
  [{ [name]: 5 }, is(name, 'EQUALS', '5')],
  [{ [name]: '5' }, is(name, 'EQUALS', '5')],
  [{ [name]: [0, '12'] }, is(name, 'IN', '0,12')],
]
const words = (name: string, ...all: readonly string[]): Filter[] => [
  ...all.map((word): Filter => [{ [name]: [word] }, is(name, 'EQUALS', word)]),
  [{ [name]: all[0] }, is(name, 'EQUALS', all[0] ?? '')],
  // Date forms that people write.
  ...all.map((word): Filter => {
    const written = ` ${word.toLowerCase().replaceAll('_', ' ')}`
    return [{ [name]: [written, word] }, is(name, 'IN', `${word},${word}`)]
  }),
  [{ [name]: all }, is(name, 'IN', all.join(','))],
]
const flag = (name: string): Filter[] => [
  [{ [name]: true }, is(name, 'EQUALS', 'true')],
  [{ [name]: false }, is(name, 'EQUALS', 'false')],
]

const templates: readonly Filter[] = [
  ...ids('id'),
  ...exact('uuid'),
  ...text('name'),
  ...text('description'),
  ...text('category'),
  ...exact('familyId'),
  ...numbers('revision'),
  ...flag('isLibrary'),
  ...numbers('questionCnt'),
  ...words('state', 'DRAFT', 'PUBLISHED'),
  // The sample of search_templates.htm; its order has no meaning.
  [
    { questionCnt: [5], state: ['DRAFT'], nameContains: 'scoring' },
    is('name', 'CONTAINS', 'scoring') + is('questionCnt', 'EQUALS', '5') + is('state', 'EQUALS', 'DRAFT'),
  ],
]

const campaigns: readonly Filter[] = [
  ...ids('id'),
  ...text('name'),
  ...words('status', 'INACTIVE', 'ACTIVE', 'COMPLETE', 'CANCELED'),
  ...words('workflowType', 'SIMPLE', 'REVIEWABLE', 'FULL'),
  [{ name: 'a', nameContains: 'b' }, is('name', 'EQUALS', 'a') + is('name', 'CONTAINS', 'b')],
]

const questionnaires: readonly Filter[] = [
  ...ids('id'),
  ...ids('campaignId', 'campaign.id'),
  ...words('state', 'INFORMATION_GATHERING', 'REVIEW', 'APPROVAL', 'CLOSED', 'INCOMPLETE', 'CANCELED'),
  ...words('risk', 'VERY_HIGH', 'HIGH', 'MEDIUM', 'LOW'),
]

const users: readonly Filter[] = [
  ...ids('id'),
  ...exact('uuid'),
  ...['firstName', 'lastName', 'company', 'title', 'emailAddress', 'userName'].flatMap((name) => text(name)),
  ...ids('tagId', 'tags.tag.id'),
  ...text('tagName', 'tags.tag.name'),
]

const searching = (object: string, filters: readonly Filter[]): readonly SaqRead[] => {
  const path = `/qps/rest/1.0/search/saq/${object}`
  const most = (limit: number): string => `<preferences><limitResults>${limit}</limitResults></preferences>`
  return [
    { args: {}, path, xml: most(20) },
    { args: { pageSize: 200, fields: ['id'] }, path, xml: most(200) },
    { args: { pageSize: 1 }, path, xml: most(1) },
    ...filters.map(([args, criteria]) => ({
      args,
      path,
      xml: `${most(20)}<filters>${criteria}</filters>`,
    })),
  ]
}

/** "When filters are specified POST must be used" (current_count.htm). */
const counting = (object: string, filters: readonly Filter[]): readonly SaqRead[] => {
  const path = `/qps/rest/1.0/count/saq/${object}`
  return [
    { args: {}, path, method: 'GET' },
    ...filters.map(([args, criteria]) => ({ args, path, xml: `<filters>${criteria}</filters>` })),
  ]
}

const getting = (object: string, name: string, id: number): readonly SaqRead[] =>
  [id, String(id)].map((given) => ({
    args: { [name]: given },
    path: `/qps/rest/1.0/get/saq/${object}/${id}`,
  }))

/** Every read of SAQ with every input it has. */
export const saqReads: Readonly<Record<string, readonly SaqRead[]>> = {
  saq_get_version: [{ args: {}, path: '/qps/rest/portal/version' }],
  saq_search_templates: searching('template', templates),
  saq_search_library_templates: searching('librarytemplate', templates),
  saq_count_templates: counting('template', templates),
  saq_get_template: getting('template', 'templateId', 82968),
  saq_search_campaigns: searching('questionnairecampaign', campaigns),
  saq_count_campaigns: counting('questionnairecampaign', campaigns),
  saq_get_campaign: getting('questionnairecampaign', 'campaignId', 640002),
  saq_search_questionnaires: searching('questionnaire', questionnaires),
  saq_count_questionnaires: counting('questionnaire', questionnaires),
  saq_get_questionnaire: getting('questionnaire', 'questionnaireId', 707802),
  saq_search_users: searching('user', users),
  saq_count_users: counting('user', users),
  saq_get_user: getting('user', 'userId', 400591),
}
