import { catalogueOf } from '../../../src/tools/server/catalogue.ts'
import type { ToolManifest } from '../../../src/tools/tool.ts'
import { settingsFrom } from '../environment.ts'

/** Every tool, as it is listed to a caller with all rights. */
export const toolManifests: readonly ToolManifest[] = catalogueOf(
  settingsFrom({ QUALYS_SANDBOX: 'true', QUALYS_UNVERIFIED: 'all' }),
).manifests
