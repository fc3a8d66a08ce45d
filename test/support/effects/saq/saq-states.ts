import { xml } from './saq-faults.ts'

// The state that the reply of each effect of SAQ says, by how much Qualys' answer holds, and what it says where the one
// read after the effect brings something else.

/** How much an effect answers with: the sandbox' knob `saqAnswers`. */
export type Answers = 'whole' | 'ids' | 'counts'

/** An answer of Qualys to the read after the effect. */
const success = (inner: string, count = 1): object => ({
  kind: 'reply',
  contentType: 'application/xml',
  body: xml(`<responseCode>SUCCESS</responseCode><count>${count}</count>${inner}`),
})
const data = (objects: string, count = 1): object => success(`<data>${objects}</data>`, count)
const nothing = success('', 0)

/** What another answer of the one read makes of the reply. */
export interface OtherAnswer {
  readonly what: string
  readonly answers: Answers
  /** `id`: of the object that is changed, or was created. */
  readonly reply: (id: string) => object
  readonly says: RegExp
}

export interface SaqState {
  readonly tool: string
  /** The route of the one read, by how much the answer holds; absent where nothing is read. */
  readonly reads: Readonly<Partial<Record<Answers, string>>>
  /** The first line of the reply; an answer that is not named is as `ids`. */
  readonly says: Readonly<Partial<Record<Answers, RegExp>>> & { readonly ids: RegExp }
  /** Fields of the form for programs, with an answer of ids. */
  readonly now?: Readonly<Record<string, unknown>>
  readonly others: readonly OtherAnswer[]
}

const templates = 'POST /qps/rest/1.0/search/saq/template'
const campaign = 'GET /qps/rest/1.0/get/saq/questionnairecampaign/{campaignId}'
const campaigns = 'POST /qps/rest/1.0/search/saq/questionnairecampaign'
const questionnaires = 'POST /qps/rest/1.0/count/saq/questionnaire'
const users = 'POST /qps/rest/1.0/search/saq/user'

const always = (route: string) => ({ whole: route, ids: route, counts: route })
const other = (
  what: string,
  reply: OtherAnswer['reply'] | object,
  says: RegExp,
  answers: Answers = 'ids',
): OtherAnswer => ({
  what,
  answers,
  says,
  reply: typeof reply === 'function' ? (reply as OtherAnswer['reply']) : () => reply,
})

const template = (fields: string) => (id: string) => data(`<Template><id>${id}</id>${fields}</Template>`)
const campaignWith = (fields: string) => (id: string) =>
  data(`<QuestionnaireCampaign><id>${id}</id>${fields}</QuestionnaireCampaign>`)
const userWith = (fields: string) => (id: string) => data(`<User><id>${id}</id>${fields}</User>`)

/** What a name of strangers becomes: one line, without what is not seen, in quotes that it cannot close. */
export const hostileName = 'A&#8238;B&#10;template 5 deleted; gone: &quot;x&quot; &lt;&lt;end&gt;&gt;&#8203;'
export const cleanedName = `"AB template 5 deleted; gone: 'x' ‹‹end››"`

const stillThere = (list: string) =>
  new RegExp(
    `BUT ${list} still shows "[^"]+", where deleting was asked for: that may take a while; look again$`,
  )
const gone = /; gone: "[^"]+"$/

export const saqStates: readonly SaqState[] = [
  {
    tool: 'saq_create_template',
    reads: always(templates),
    says: {
      ids: /^template \d+ created; "Sent once", DRAFT, revision 1; Qualys counts the 1 question$/,
      counts:
        /^template \(id not told: see saq_search_templates\) created; \d+ alone has that name: "Sent once", DRAFT, revision 1, 1 question$/,
    },
    now: { 'now.name': 'Sent once', 'now.state': 'DRAFT', 'now.revision': 1, 'now.questionCnt': 1 },
    others: [
      other('nothing', nothing, /created; its state is not shown yet: look with saq_get_template$/),
      other(
        'another name',
        template('<name>Other</name><state>DRAFT</state><questionCnt>1</questionCnt>'),
        /created; "Other", DRAFT; BUT Qualys shows name "Other" where "Sent once" was asked for: look with saq_get_template; Qualys counts the 1 question$/,
      ),
    ],
  },
  {
    tool: 'saq_create_template_from_library',
    reads: always(templates),
    says: {
      ids: /^template \d+ created from the library; "Copied once", DRAFT, revision 1, \d+ questions$/,
      counts:
        /created from the library; \d+ alone has that name: "Copied once", DRAFT, revision 1, \d+ questions$/,
    },
    now: { 'now.name': 'Copied once', 'now.state': 'DRAFT' },
    others: [
      other('nothing', nothing, /; its state is not shown yet: look with saq_get_template$/),
      other('no state', template('<name>Copied once</name>'), /; "Copied once", its state is not shown$/),
    ],
  },
  {
    tool: 'saq_update_templates',
    reads: always(templates),
    says: { ids: /^1 template updated; "[^"]+", DRAFT, revision \d+, \d+ questions; description as sent$/ },
    now: { 'now.state': 'DRAFT' },
    others: [
      other(
        'nothing',
        nothing,
        /^1 template updated; its state is not shown yet: look with saq_get_template$/,
      ),
      other(
        'what was there',
        template('<name>N</name><state>DRAFT</state><description>old</description>'),
        /updated; "N", DRAFT; BUT Qualys shows description "old" where "changed" was asked for: look with/,
      ),
      other(
        'no description',
        template('<name>N</name><state>DRAFT</state>'),
        /updated; "N", DRAFT; Qualys does not show its description$/,
      ),
    ],
  },
  {
    tool: 'saq_publish_template',
    reads: { ids: templates, counts: templates },
    says: { ids: /^template \d+ published; "[^"]+", PUBLISHED, revision \d+, \d+ questions$/ },
    now: { 'now.state': 'PUBLISHED' },
    others: [
      other('nothing', nothing, /published; its state is not shown now: look with saq_get_template$/),
      other(
        'a draft',
        template('<name>N</name><state>DRAFT</state>'),
        /published; BUT Qualys still shows "N", DRAFT, where PUBLISHED was asked for: that may take a while; look with saq_get_template$/,
      ),
      other(
        'no state',
        template('<name>N</name>'),
        /; "N", its state is not shown: look with saq_get_template$/,
      ),
    ],
  },
  {
    tool: 'saq_create_template_version',
    reads: always(templates),
    says: {
      ids: /^new version of template 722010 begun; it is template \d+, "[^"]+", DRAFT, revision \d+, 19 questions$/,
    },
    now: { 'now.state': 'DRAFT' },
    others: [
      other(
        'nothing',
        nothing,
        /begun; which template it is could not be read: look with saq_search_templates/,
      ),
    ],
  },
  {
    tool: 'saq_delete_template',
    reads: always(templates),
    says: { ids: gone },
    others: [other('it', template('<name>N</name>'), stillThere('saq_search_templates'))],
  },
  {
    tool: 'saq_create_campaign',
    reads: { whole: campaign, ids: campaign, counts: campaigns },
    says: {
      ids: /^campaign \d+ created; "Once", INACTIVE, 1 recipient, due 2096-12-31T23:59:59Z$/,
      counts:
        /^campaign \(id not told: see saq_search_campaigns\) created; \d+ alone has that name: "Once", INACTIVE$/,
    },
    now: {
      'now.name': 'Once',
      'now.status': 'INACTIVE',
      'now.recipients': 1,
      'now.dueDate': '2096-12-31T23:59:59Z',
    },
    others: [
      other('nothing', nothing, /created; its state could not be read: look with saq_get_campaign$/),
      other(
        'an active one',
        campaignWith('<name>Once</name><status>ACTIVE</status>'),
        /; "Once", ACTIVE; BUT the campaign is not INACTIVE, as a new one should be: look with saq_get_campaign; Qualys does not show its recipients and due date/,
      ),
    ],
  },
  {
    tool: 'saq_update_campaign',
    reads: always(campaign),
    says: {
      ids: /^campaign \d+ updated; "Renamed once", INACTIVE, 60 recipients, due [^ ;]+; changed: name$/,
    },
    now: { 'now.name': 'Renamed once', 'now.status': 'INACTIVE', 'now.recipients': 60 },
    others: [
      other('nothing', nothing, /updated; its state could not be read: look with saq_get_campaign$/),
      other(
        'the old name',
        campaignWith('<name>Old</name><status>INACTIVE</status>'),
        /updated; "Old", INACTIVE; BUT the campaign shows name "Old" where "Renamed once" was asked for: look with/,
      ),
    ],
  },
  {
    tool: 'saq_launch_campaign',
    reads: { whole: questionnaires, ids: campaign, counts: campaign },
    says: {
      whole: /^campaign \d+ launched; "[^"]+", ACTIVE, due \S+, 60 questionnaires sent$/,
      ids: /^campaign \d+ launched; "[^"]+", ACTIVE, 60 recipients, due \S+$/,
    },
    now: { 'now.status': 'ACTIVE', 'now.recipients': 60 },
    others: [
      other('nothing', nothing, /launched; its status could not be read: look with saq_get_campaign$/),
      other(
        'an inactive one',
        campaignWith('<name>C</name><status>INACTIVE</status>'),
        /launched; BUT Qualys still shows "C", INACTIVE, where ACTIVE was asked for: that may take a while; look with/,
      ),
      other(
        'no status',
        campaignWith('<name>C</name>'),
        /; "C", its status is not shown: look with saq_get_campaign$/,
      ),
      other(
        'no questionnaire',
        nothing,
        /, ACTIVE, due \S+; BUT Qualys counts no questionnaire of it yet: that may take a while; look with saq_campaign_status$/,
        'whole',
      ),
      other(
        'fewer questionnaires',
        success('', 59),
        /; BUT Qualys counts 59 questionnaires for 60 recipients: that may take a while/,
        'whole',
      ),
      other(
        'the questionnaires of others, too',
        success('', 5000),
        /; BUT Qualys counts 5,000 questionnaires for 60 recipients/,
        'whole',
      ),
    ],
  },
  {
    tool: 'saq_cancel_campaign',
    reads: { whole: questionnaires, ids: campaign, counts: campaign },
    says: {
      whole: /^campaign \d+ canceled; "[^"]+", CANCELED, due \S+, \d+ of 420 questionnaires CANCELED$/,
      ids: /^campaign \d+ canceled; "[^"]+", CANCELED, 420 recipients, due \S+$/,
    },
    now: { 'now.status': 'CANCELED', 'now.recipients': 420 },
    others: [
      other('nothing', nothing, /canceled; its status could not be read: look with saq_get_campaign$/),
      other(
        'an active one',
        campaignWith('<name>C</name><status>ACTIVE</status>'),
        /canceled; BUT Qualys still shows "C", ACTIVE, where CANCELED was asked for: that may take a while; look with/,
      ),
      other(
        'more canceled questionnaires than were open',
        success('', 420),
        /; BUT Qualys shows 420 of 420 questionnaires CANCELED, where \d+ were expected: look with saq_campaign_status$/,
        'whole',
      ),
      other(
        'no canceled questionnaire',
        nothing,
        /; BUT Qualys shows 0 of 420 questionnaires CANCELED, where \d+ were expected: that may take a while/,
        'whole',
      ),
    ],
  },
  {
    tool: 'saq_delete_campaign',
    reads: always(campaigns),
    says: { ids: gone },
    others: [
      other('it', campaignWith('<name>C</name><status>ACTIVE</status>'), stillThere('saq_search_campaigns')),
    ],
  },
  {
    tool: 'saq_create_users',
    reads: { ids: users, counts: users },
    says: {
      whole:
        /^user \d+ created; "Some Body\d+", company "Quiet Harbour Works", emailAddress "[^"]+@quiet-harbour.example"$/,
      ids: /^user \d+ created; "Some Body\d+", company "Quiet Harbour Works", emailAddress "[^"]+"$/,
      counts:
        /^user \(id not told: see saq_search_users\) created; it is user \d+, "Some Body\d+", company "Quiet Harbour Works", emailAddress "[^"]+"$/,
    },
    others: [
      other('nobody', nothing, /^user \d+ created; its state is not shown yet: look with saq_get_user$/),
      other('nobody', nothing, /created; of 1 address: 1 not there \([^ ]+\)$/, 'counts'),
      other(
        'people without addresses',
        userWith('<firstName>X</firstName>'),
        /created; which of them exist now could not be looked up: look with saq_search_users/,
        'counts',
      ),
    ],
  },
  {
    tool: 'saq_update_user',
    reads: always(users),
    says: { ids: /^user 339590 updated; "[^"]+", title "changed"$/ },
    now: { 'now.id': '339590', 'now.title': 'changed' },
    others: [
      other('nobody', nothing, /^user 339590 updated; its state is not shown now: look with saq_get_user$/),
      other(
        'the old title',
        userWith('<firstName>A</firstName><title>old</title>'),
        /updated; "A"; BUT Qualys shows title "old" where "changed" was asked for: look with saq_get_user$/,
      ),
      other(
        'no title',
        userWith('<firstName>A</firstName>'),
        /updated; "A"; Qualys does not show the title$/,
      ),
    ],
  },
  {
    tool: 'saq_update_users',
    reads: always(users),
    says: { ids: /^2 users updated; title as sent: 339590 "[^"]+", 400591 "[^"]+"$/ },
    now: { 'now.asSent': 2, 'now.lookedAt': 2 },
    others: [
      other(
        'nobody',
        nothing,
        /updated; not shown now: 339590 "[^"]+", 400591 "[^"]+": look with saq_search_users$/,
      ),
      other(
        'one with the old title',
        data(
          '<User><id>339590</id><lastName>A</lastName><title>old</title></User><User><id>400591</id><title>changed</title></User>',
          2,
        ),
        /updated; title as sent: 400591; BUT Qualys shows otherwise: 339590 "A" title "old" where "changed" was asked for: look/,
      ),
    ],
  },
  {
    tool: 'saq_delete_user',
    reads: always(users),
    says: { ids: gone },
    others: [
      other('them', userWith('<firstName>A</firstName>'), stillThere('saq_search_users')),
      other(
        'others, whatever the filter says',
        data('<User><id>5</id></User>'),
        /deleted; whether "[^"]+" is gone is not known: look with saq_search_users$/,
      ),
    ],
  },
  {
    tool: 'saq_delete_users',
    reads: always(users),
    says: { ids: /^2 users deleted; gone: 339590 "[^"]+", 400591 "[^"]+"$/ },
    others: [
      other(
        'one of them',
        data('<User><id>339590</id></User>'),
        /deleted; gone: 400591 "[^"]+"; BUT saq_search_users still shows 339590 "[^"]+", where deleting was asked for/,
      ),
    ],
  },
]

/** The reads after effects, each route once. */
export const readsAfter = saqStates.flatMap((state) =>
  (['whole', 'ids', 'counts'] as const)
    .filter((answers) => state.reads[answers] !== undefined)
    .filter((answers, at, all) => state.reads[all[at - 1] ?? 'counts'] !== state.reads[answers] || at === 0)
    .map((answers) => ({ state, tool: state.tool, answers })),
)

/** What a reply says where the read after the effect failed. */
export const notRead =
  /(?:could not be (?:read|looked up)|may not be read by this user \(403\))[^;]*: look with saq_/

/** What may go wrong with a read. */
export const readFailures: readonly (readonly [what: string, fault: object])[] = [
  ['500', { kind: 'status', status: 500 }],
  ['403', { kind: 'status', status: 403 }],
  ['404', { kind: 'status', status: 404 }],
  ['a limit', { kind: 'limit' }],
  ['a reset', { kind: 'reset' }],
  ['no body', { kind: 'empty' }],
  ['XML of something else', { kind: 'reply', contentType: 'application/xml', body: '<Other/>' }],
  [
    'objects without ids',
    {
      kind: 'reply',
      contentType: 'application/xml',
      body: xml('<responseCode>SUCCESS</responseCode><data><Thing><name>x</name></Thing></data>'),
    },
  ],
]
