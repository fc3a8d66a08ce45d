import { otherRecipient, recipient } from '../../effects/saq/saq-objects.ts'
import type { SaqToolCases } from './case.ts'

// What the tools for people send. Lists by the rule of the framework: tags go as <set>.

const tags = (...names: string[]): string =>
  `<tags><set>${names.map((name) => `<Tag><name>${name}</name></Tag>`).join('')}</set></tags>`

/** The texts that XML has to escape. */
const spelled = { company: 'R&D <EU> "A" \'B\' ]]> #1 ü😀' }

const jane = {
  firstName: 'Jane',
  lastName: 'Roe',
  company: 'Bluestone',
  emailAddress: 'jane.roe.2096@bluestone.example',
  title: 'CISO',
  tags: ['EMEA', 'Tier 1'],
}
const janeOnWire = `<firstName>Jane</firstName><lastName>Roe</lastName><company>Bluestone</company>
  <emailAddress>jane.roe.2096@bluestone.example</emailAddress><title>CISO</title>${tags('EMEA', 'Tier 1')}`

export const users: SaqToolCases = {
  saq_create_users: {
    'one, with everything': {
      args: { users: [jane] },
      path: 'create/saq/user',
      body: `<data><User>${janeOnWire}</User></data>`,
    },
    'three: an element each': {
      args: {
        users: [1, 2, 3].map((at) => ({
          firstName: `F${at}`,
          lastName: 'L',
          company: 'C',
          emailAddress: `f${at}@wire.example`,
        })),
      },
      path: 'create/saq/user',
      body: `<data>${[1, 2, 3]
        .map(
          (at) => `<User><firstName>F${at}</firstName><lastName>L</lastName><company>C</company>
            <emailAddress>f${at}@wire.example</emailAddress></User>`,
        )
        .join('')}</data>`,
    },
  },
  // update_user.htm: id in path and body.
  saq_update_user: {
    everything: {
      args: { userId: Number(recipient), ...jane, emailAddress: 'jane.roe.2097@bluestone.example' },
      path: `update/saq/user/${recipient}`,
      body: `<data><User><id>${recipient}</id>${janeOnWire.replace('2096', '2097')}</User></data>`,
    },
    'a text that XML spells otherwise': {
      args: { userId: recipient, ...spelled },
      path: `update/saq/user/${recipient}`,
      body: `<data><User><id>${recipient}</id><company>R&amp;D &lt;EU&gt; &quot;A&quot; &apos;B&apos; ]]&gt; #1 ü😀</company></User></data>`,
    },
  },
  // update_bulk.htm: its own sample filters by `id IN`.
  saq_update_users: {
    'several, everything': {
      args: {
        ids: [Number(recipient), otherRecipient],
        firstName: 'A',
        lastName: 'B',
        company: 'C',
        title: 'D',
        tags: ['E'],
      },
      path: 'update/saq/user',
      body: `<filters><Criteria field="id" operator="IN">${recipient},${otherRecipient}</Criteria></filters>
        <data><User><company>C</company><title>D</title><firstName>A</firstName><lastName>B</lastName>${tags('E')}</User></data>`,
    },
    one: {
      args: { ids: [recipient], lastName: 'B' },
      path: 'update/saq/user',
      body: `<filters><Criteria field="id" operator="EQUALS">${recipient}</Criteria></filters>
        <data><User><lastName>B</lastName></User></data>`,
    },
  },
  saq_delete_user: {
    'by POST, id in path and body': {
      args: { userId: recipient },
      path: `delete/saq/user/${recipient}`,
      body: `<data><User><id>${recipient}</id></User></data>`,
    },
  },
  // delete_bulk.htm: filters alone, and at least one.
  saq_delete_users: {
    several: {
      args: { ids: [Number(otherRecipient), '401990'] },
      path: 'delete/saq/user',
      body: `<filters><Criteria field="id" operator="IN">${otherRecipient},401990</Criteria></filters>`,
    },
    one: {
      args: { ids: ['713091591'] },
      path: 'delete/saq/user',
      body: '<filters><Criteria field="id" operator="EQUALS">713091591</Criteria></filters>',
    },
  },
}
