import { z } from 'zod'
import {
  base64,
  base64Text,
  byIdToken,
  filter,
  id,
  named,
  oneRecord,
  recordId,
  sort,
  time,
} from '../fields.ts'
import { operation } from '../operation.ts'
import { StoredText } from '../stored-text.ts'
import { contentMatch } from './script-filters/content-match.ts'
import { idsFilter } from './script-filters/ids.ts'
import { statusFilter } from './script-filters/status.ts'

const fromScripts = 'from car_search_scripts'

/**
 * No page shows a script record; the fields are those of create and update (create_scripts.htm,
 * update_scripts.htm).
 */
const script = z.looseObject({
  id: recordId,
  title: z.string().optional(),
  description: z.string().nullish(),
  status: z.string().optional(),
  platform: z.string().optional(),
  severity: z.union([z.number(), z.string()]).optional(),
  subType: z.string().nullish(),
  category: named.nullish(),
  created: z.looseObject({ dateTime: time.optional() }).optional(),
  updatedDateTime: time.optional(),
  content: base64Text.optional(),
  params: z.array(z.looseObject({ key: base64Text, value: base64Text })).nullish(),
})

const list = { default: ['created.dateTime:desc'], unique: 'id', as: 'array' } as const

const readWhole = 'car_get_script reads the content of one script exactly, in slices.'

export const getScript = operation({
  name: 'car_get_script',
  title: 'Get a script',
  description: 'One script with its parameters, and its content as plain text in slices',
  route: 'GET /sm/v1/scripts/{scriptId}',
  effect: 'read',
  evidence: 'guessed',
  source: 'an unofficial client calls this path; no Qualys page is known',
  input: { scriptId: id(fromScripts) },
  ...oneRecord(script.extend({ content: base64((bytes) => new StoredText(bytes)).optional() })),
  slicedText: { field: 'content', changedWith: 'car_update_script edits' },
})

export const exportScripts = operation({
  name: 'car_export_scripts',
  title: 'Export scripts',
  description: 'Download scripts as Qualys exports them',
  route: 'GET /sm/v1/scripts/export',
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/get_started/getting_started.htm',
  input: {
    ids: z
      .array(id(fromScripts), { error: 'must be a list of script ids' })
      .refine((ids) => ids.length > 0 && ids.length <= 100, { error: 'must hold 1 to 100 script ids' }),
  },
  // The page prints one id; the comma between several follows the execute call.
  request: ({ ids }) => ({ query: { ids: ids.join(',') } }),
  returns: 'file',
  record: z.looseObject({}),
  columns: ['*'],
  wholeText: { field: 'content', advice: readWhole },
})

export const searchScripts = operation({
  name: 'car_search_scripts',
  title: 'Search scripts',
  description:
    'Find scripts of the account with their state; the Qualys script library itself cannot be listed',
  route: 'POST /sm/v1/scripts/search',
  effect: 'read',
  evidence: 'guessed',
  source:
    'car/api/get_started/getting_started.htm filters scripts by status:APPROVED with pageSize and pageNumber; no page names the path',
  input: {
    filter: filter('status:APPROVED'),
    sort: sort(list.default[0]),
  },
  localFilters: {
    ids: idsFilter('script', fromScripts),
    status: statusFilter('Without it, filter "status:APPROVED" asks Qualys.'),
    contentMatch: contentMatch({ exports: exportScripts, record: getScript }),
  },
  returns: 'rows',
  paging: { kind: 'pageNumber', sort: list },
  byId: byIdToken,
  record: script,
  columns: ['id', 'title', 'status', 'platform', 'typeName', 'severity', 'updatedDateTime'],
  undocumentedColumns: ['*'],
  remarks: [
    'status: only APPROVED ones run on ordinary hosts; no page lists the other words.',
    'severity is 1 to 5. contentMatch adds line, text and otherLines.',
  ],
  countBy: 'status',
  wholeText: { field: 'content', advice: readWhole },
})

/** A short list for the inputs of a script. */
const shortList = {
  effect: 'read',
  evidence: 'documented',
  source: 'car/api/scripts/create_scripts.htm',
  input: {},
  returns: 'rows',
  paging: { kind: 'whole' },
  record: z.looseObject({ id: recordId.optional() }),
  undocumentedColumns: ['*'],
} as const

export const listScriptTypes = operation({
  name: 'car_list_script_types',
  title: 'List script types',
  description: 'The script types with the typeId that creating a script asks for',
  route: 'GET /sm/v1/script-types',
  ...shortList,
  columns: ['id', 'name'],
})

/** The name of a script's type. */
export const typeReference = {
  ids: ({ typeId }: { readonly typeId: string }) => [typeId],
  list: listScriptTypes,
  fields: ['name', 'typeName'],
  optional: true,
} as const

export const listScriptLanguages = operation({
  name: 'car_list_script_languages',
  title: 'List script languages',
  description:
    'The languages per platform with the languageId that scripts and blocked commands ask for; categories have no such list',
  route: 'GET /sm/v1/script-language',
  ...shortList,
  columns: ['id', 'name', 'platform'],
})
