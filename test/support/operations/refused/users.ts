import { newUser, otherRecipient, recipient } from '../../effects/saq/saq-objects.ts'
import type { RefusedCalls } from './refused-call.ts'

const create = 'saq_create_users'
const unknown = '999999999999'
const digits = /must be an id from saq_search_users: digits alone/
const one = (fields: object): object => ({ users: [{ ...newUser(), ...fields }] })
const address = /emailAddress: must be an e-mail address/

const noAddresses = [
  'somebody',
  'somebody@',
  '@harbour.example',
  'a b@harbour.example',
  'a@b@harbour.example',
  'a@harbour',
  'Jane <jane@harbour.example>',
  'jane@harbour.example, joe@harbour.example',
  'jane@harbour.example\nBcc: all@harbour.example',
  'mailto:jane@harbour.example, joe@harbour.example',
]

export const users: RefusedCalls = [
  ...noAddresses.flatMap((emailAddress) => [
    [`an address that is none: ${emailAddress}`, create, one({ emailAddress }), address] as const,
    [`a change to ${emailAddress}`, 'saq_update_user', { userId: recipient, emailAddress }, address] as const,
  ]),
  [
    'an address of 255 characters',
    create,
    one({ emailAddress: `${'a'.repeat(244)}@harb.example` }),
    /emailAddress: must be/,
  ],
  [
    'the same address twice',
    create,
    {
      users: ['Jane', 'Joan'].map((firstName) => newUser({ firstName, emailAddress: 'j@harbour.example' })),
    },
    /^j@harbour\.example is in the list twice\. Name each address once\.$/,
  ],
  [
    'the same address in other letters',
    create,
    {
      users: [newUser({ emailAddress: 'J@Harbour.example' }), newUser({ emailAddress: 'j@harbour.EXAMPLE' })],
    },
    /^j@harbour\.example is in the list twice\./,
  ],
  ...['firstName', 'lastName', 'company', 'emailAddress'].map(
    (field) =>
      [`no ${field}`, create, one({ [field]: undefined }), new RegExp(`${field}: must be text`)] as const,
  ),
  ...['firstName', 'lastName', 'company', 'title'].map(
    (field) =>
      [
        `a blank ${field}`,
        create,
        one({ [field]: '\t ' }),
        new RegExp(`${field}: must not be empty`),
      ] as const,
  ),
  ['an unknown field', create, one({ phone: '1' }), /phone/],
  ['an id of a new user', create, one({ id: 5 }), /id/],
  [
    'tags as text',
    create,
    one({ tags: 'EMEA, APAC' }),
    /must be a list of names of tags; write \["EMEA","APAC"\]$/,
  ],
  [
    'no tags',
    'saq_update_user',
    { userId: recipient, tags: [] },
    /tags: is empty, and cannot be emptied here; leave it out to keep what is stored/,
  ],
  [
    '51 tags',
    create,
    one({ tags: Array.from({ length: 51 }, (_, at) => `t${at}`) }),
    /must name at most 50 tags/,
  ],
  [
    'nothing to change',
    'saq_update_user',
    { userId: recipient },
    /^There is nothing to change\. Pass the fields to set\.$/,
  ],
  ['nothing to change in bulk', 'saq_update_users', { ids: [recipient] }, /^There is nothing to change\./],
  [
    'one address for several',
    'saq_update_users',
    { ids: [recipient, otherRecipient], emailAddress: 'j@harbour.example' },
    /there is no argument "emailAddress"/,
  ],
  [
    'an unknown user',
    'saq_update_user',
    { userId: unknown, title: 'x' },
    /saq_search_users shows no id 9{12}/,
  ],
  ['an unknown user to delete', 'saq_delete_user', { userId: unknown }, /saq_search_users shows no id 9{12}/],
  ...['saq_update_user', 'saq_delete_user'].flatMap((tool) => [
    ['a user by address', tool, { userId: 'a@b.example', title: 'x' }, digits] as const,
    ['no user', tool, { title: 'x' }, /userId: must be an id from saq_search_users/] as const,
    ['a path', tool, { userId: '../user', title: 'x' }, digits] as const,
  ]),
]
