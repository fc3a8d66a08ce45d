import { z } from 'zod'
import { filter, recordId } from '../fields.ts'
import { operation } from '../operation.ts'

export const searchBlockedCommands = operation({
  name: 'car_search_blocked_commands',
  title: 'Search blocked commands',
  description:
    'The commands no new script may hold, one row per language; blocked assets and tags cannot be listed',
  route: 'POST /sm/v1/block-commands/search',
  effect: 'read',
  evidence: 'documented',
  source:
    'car/release-notes/car/release_2_5_2_api.htm names the path; POST by the convention of all CAR searches',
  input: { filter: filter('languageId:201 (tokens not public)') },
  returns: 'rows',
  paging: { kind: 'pageNumber' },
  record: z.looseObject({
    languageId: recordId,
    commandId: recordId.optional(),
    language: z.string().optional(),
    platform: z.string().optional(),
    // Qualys splits "runas, Get-Service" at the comma and keeps the blank.
    commands: z.array(z.string().transform((command) => command.trim())),
  }),
  columns: ['commandId', 'languageId', 'language', 'platform', 'commands'],
  retired: [{ route: 'GET /sm/v1/block-commands/{id}', endOfLife: '2026-06' }],
})
