import { libraryTemplate, publishedTemplate } from '../../effects/saq/saq-objects.ts'
import type { SaqCase, SaqToolCases } from './case.ts'

// What the tools for templates send. reference_template.htm names the elements; how they nest is a guess, the same for
// create and update.

const plainFlags =
  '<requireAttachment>false</requireAttachment><requireComment>false</requireComment><requireAsset>false</requireAsset>'

const question = (text: string, type: string, more = ''): string =>
  `<Question><text>${text}</text><type>${type}</type>${plainFlags}${more}</Question>`

const everyKind = {
  scoring: [
    { label: 'Good', value: 10 },
    { label: 'Bad', value: 0 },
  ],
  sections: [
    {
      name: 'Access',
      description: 'Who gets in',
      questions: [
        {
          label: 'A1',
          text: 'Is MFA on?',
          kind: 'yesNo',
          criticality: 'CRITICAL',
          requireAttachment: true,
          requireComment: true,
          requireAsset: true,
          yesScore: 'Good',
          noScore: 'Bad',
        },
        { text: 'How many admins?', kind: 'number' },
      ],
    },
    {
      name: 'Data',
      questions: [
        { text: 'Where is it?', kind: 'text' },
        {
          text: 'Which cloud?',
          kind: 'single',
          criticality: 'INFO',
          options: [{ text: 'A', score: 'Good' }, { text: 'B' }],
        },
        { text: 'Which region?', kind: 'dropdown', options: ['EU', 'US'] },
        { text: 'Which classes?', kind: 'multi', options: [{ text: 'PII' }, { text: 'PCI' }] },
      ],
    },
  ],
}

const elements = `
<elements>
  <sections>
    <Section>
      <name>Access</name>
      <description>Who gets in</description>
      <questions>
        <Question>
          <label>A1</label>
          <text>Is MFA on?</text>
          <type>booleanQuestion</type>
          <mode>Button</mode>
          <criticality>CRITICAL</criticality>
          <requireAttachment>true</requireAttachment>
          <requireComment>true</requireComment>
          <requireAsset>true</requireAsset>
          <yesScoringLabel>Good</yesScoringLabel>
          <noScoringLabel>Bad</noScoringLabel>
        </Question>
        ${question('How many admins?', 'numericQuestion')}
      </questions>
    </Section>
    <Section>
      <name>Data</name>
      <questions>
        ${question('Where is it?', 'textQuestion')}
        <Question>
          <text>Which cloud?</text>
          <type>singleSelectQuestion</type>
          <mode>Radio</mode>
          <criticality>INFO</criticality>
          ${plainFlags}
          <options>
            <Option><text>A</text><scoringLabel>Good</scoringLabel></Option>
            <Option><text>B</text></Option>
          </options>
        </Question>
        <Question>
          <text>Which region?</text>
          <type>singleSelectQuestion</type>
          <mode>Combo</mode>
          ${plainFlags}
          <options><Option><text>EU</text></Option><Option><text>US</text></Option></options>
        </Question>
        ${question('Which classes?', 'multiSelectQuestion', '<options><Option><text>PII</text></Option><Option><text>PCI</text></Option></options>')}
      </questions>
    </Section>
  </sections>
  <scorings>
    <Scoring><label>Good</label><value>10</value></Scoring>
    <Scoring><label>Bad</label><value>0</value></Scoring>
  </scorings>
</elements>`

const byId = (verb: string, templateId: string): SaqCase => ({
  args: { templateId },
  path: `${verb}/saq/template/${templateId}`,
  body: `<data><Template><id>${templateId}</id></Template></data>`,
})

export const templates: SaqToolCases = {
  saq_create_template: {
    'every kind of question, with everything': {
      args: { name: 'Suppliers 2096', category: 'Vendor Risk', description: 'Once a year', ...everyKind },
      path: 'create/saq/template',
      body: `<data><Template><name>Suppliers 2096</name><description>Once a year</description>
        <category>Vendor Risk</category>${elements}</Template></data>`,
    },
    'sections within sections': {
      args: {
        name: 'Deep',
        category: 'Any',
        sections: [
          { name: 'One' },
          { name: 'Two', level: 2, questions: [{ text: 'Why?', kind: 'text' }] },
          { name: 'Three', level: 3, questions: [{ text: 'Who?', kind: 'text' }] },
          { name: 'Four', level: 2, questions: [{ text: 'When?', kind: 'text' }] },
          { name: 'Five', level: 1, questions: [{ text: 'Where?', kind: 'text' }] },
        ],
      },
      path: 'create/saq/template',
      body: `<data><Template><name>Deep</name><category>Any</category><elements><sections>
        <Section><name>One</name><sections>
          <Section><name>Two</name><questions>${question('Why?', 'textQuestion')}</questions><sections>
            <Section><name>Three</name><questions>${question('Who?', 'textQuestion')}</questions></Section>
          </sections></Section>
          <Section><name>Four</name><questions>${question('When?', 'textQuestion')}</questions></Section>
        </sections></Section>
        <Section><name>Five</name><questions>${question('Where?', 'textQuestion')}</questions></Section>
        </sections></elements></Template></data>`,
    },
    'a section in parts, and a type that is none of the kinds': {
      args: {
        name: 'Parts',
        category: 'Any',
        sections: [
          { name: 'One', questions: [{ text: 'Why?', kind: 'text' }] },
          { name: 'One', continued: true, questions: [{ text: 'When?', kind: 'dateQuestion' }] },
        ],
      },
      path: 'create/saq/template',
      body: `<data><Template><name>Parts</name><category>Any</category><elements><sections>
        <Section><name>One</name><questions>${question('Why?', 'textQuestion')}${question('When?', 'dateQuestion')}</questions></Section>
        </sections></elements></Template></data>`,
      reply: `<?xml version="1.0"?><ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count>
        <data><Template><id>1</id></Template></data></ServiceResponse>`,
    },
    'one section, one question, no scores': {
      args: {
        name: 'Short',
        category: 'Any',
        sections: [{ name: 'One', questions: [{ text: 'Why?', kind: 'text' }] }],
      },
      path: 'create/saq/template',
      body: `<data><Template><name>Short</name><category>Any</category><elements><sections>
        <Section><name>One</name><questions>${question('Why?', 'textQuestion')}</questions></Section>
        </sections></elements></Template></data>`,
    },
  },
  saq_create_template_from_library: {
    'under a name of its own': {
      args: { libraryTemplateId: Number(libraryTemplate), name: 'Ours' },
      path: 'create/saq/template',
      body: '<data><Template><name>Ours</name><libraryTemplate><id>10030</id></libraryTemplate></Template></data>',
    },
    'under its name': {
      args: { libraryTemplateId: libraryTemplate },
      path: 'create/saq/template',
      body: '<data><Template><libraryTemplate><id>10030</id></libraryTemplate></Template></data>',
    },
  },
  // update_template_bulk.htm: filters choose, data says what to set. Exactly the named ids are filtered for.
  saq_update_templates: {
    several: ({ draft }) => {
      const ids = [draft, publishedTemplate]
      return {
        args: { ids: [Number(ids[0]), ids[1]], description: 'test-api', category: 'Operations' },
        path: 'update/saq/template',
        body: `<filters><Criteria field="id" operator="IN">${ids.join(',')}</Criteria></filters>
          <data><Template><description>test-api</description><category>Operations</category></Template></data>`,
      }
    },
    'one, with contents': ({ draft }) => {
      return {
        args: { ids: [draft], name: 'Anew', ...everyKind },
        path: 'update/saq/template',
        body: `<filters><Criteria field="id" operator="EQUALS">${draft}</Criteria></filters>
          <data><Template><name>Anew</name>${elements}</Template></data>`,
      }
    },
  },
  // publish_template.htm: only the body contains the id.
  saq_publish_template: {
    'by id': ({ draft }) => ({
      ...byId('publish', draft),
      path: 'publish/saq/template',
    }),
  },
  // create_version.htm has the id in the path by its heading, in the body by its sample.
  saq_create_template_version: {
    'by id, in path and body': byId('newversion', publishedTemplate),
  },
  saq_delete_template: {
    'by id': ({ draft }) => byId('delete', draft),
  },
}
