/** Valid request bodies of SAQ, for tests to alter. */

import { data } from './saq-client.ts'

export const yesNo =
  '<Question><label>1</label><text>Is &lt;it&gt; so?</text><type>booleanQuestion</type><mode>Button</mode><criticality>CRITICAL</criticality><requireAttachment>true</requireAttachment><yesScoringLabel>Good</yesScoringLabel><noScoringLabel>Bad</noScoringLabel></Question>'
const select = (mode: string) =>
  `<Question><text>Which?</text><type>singleSelectQuestion</type>${mode}<options><Option><text>A</text><scoringLabel>Bad</scoringLabel></Option><Option><text>B</text></Option></options></Question>`
export const open = '<Question><text>How many?</text><type>numericQuestion</type></Question>'
export const section = (...questions: string[]) =>
  `<Section><name>One</name><description/><questions>${questions.join('')}</questions></Section>`
const scorings =
  '<scorings><Scoring><label>Good</label><value>10</value></Scoring><Scoring><label>Bad</label><value>-1</value></Scoring></scorings>'
export const elements = (...sections: string[]) =>
  `<elements><sections>${sections.join('')}</sections>${scorings}</elements>`
export const wholeTemplate = `<name>Mine</name><description>d</description><category>c</category>${elements(section(yesNo, select('')), section(open))}`

export const person = (name: string, more = '') =>
  `<firstName>${name}</firstName><lastName>New</lastName><company>Start &amp; Up</company><emailAddress>${name}@startup.example</emailAddress>${more}`
export const tags = (change: string, ...all: string[]) =>
  `<tags><${change}>${all.map((tag) => `<Tag>${tag}</Tag>`).join('')}</${change}></tags>`
export const nameElement = (name: string) => `<name>${name}</name>`

export const people = (change: string, ...ids: (number | string)[]) =>
  `<${change}>${ids.map((id) => `<User><id>${id}</id></User>`).join('')}</${change}>`
export const fullCampaign = `<name>Suppliers &amp; co</name><template><id>722010</id></template><workflowType>FULL</workflowType>
  <dueDate>2026-12-31T23:59:59Z</dueDate><reviewer><id>71077391</id></reviewer><approver><id>89375990</id></approver>
  <recipients>${people('add', 339590, 400591, 401990)}</recipients>
  <campaignNotification><overdueNotification><enabled>true</enabled><noOfDays>5</noOfDays></overdueNotification></campaignNotification>`
export const campaign = (content: string) => data('QuestionnaireCampaign', content)
