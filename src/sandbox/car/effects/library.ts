import { type LibraryScript, libraryScripts } from '../../data/car/content/library.ts'
import { contentOf } from '../../data/car/scripts.ts'
import { flag, oneOf, whole, wholeOrText, words } from '../../http/body-schema.ts'
import { callerOf } from '../../http/permission.ts'
import { badRequest, done, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../http/route.ts'
import type { World } from '../../state/world.ts'
import { readInputs } from '../body.ts'
import { keepScript, statusOf } from './new-script.ts'
import { subTypes } from './script-kinds.ts'
import { categoryOf, languageOf, refuseContent, subTypeOf, typeNames, typeOf } from './script-rules.ts'

/** import_scripts.htm: v1 without the type, v2 with it. */
const v1 = { title: words, categoryId: wholeOrText(1), approved: flag, id: wholeOrText(1) }
const v2 = { ...v1, typeId: whole(1), typeName: oneOf(...typeNames), subType: oneOf(...subTypes) }
export const importInputs = {
  'POST /sm/v1/script-library/import': v1,
  'POST /sm/v2/script-library/import': v2,
}

/** The vendor's library; no call lists its content. */
export function libraryRoutes(world: World): RouteTable {
  return {
    'POST /sm/v1/script-library/import': documented((call) => importedV1(world, call), 'library import'),
    'POST /sm/v2/script-library/import': documented((call) => importedV2(world, call), 'library import'),
  }
}

const mandatory = ['title', 'categoryId', 'approved', 'id'] as const

function importedV1(world: World, call: Call): Reply {
  const inputs = readInputs(world, call, v1, mandatory)
  return kept(world, call, { ...inputs, typeId: 1, subType: entryOf(inputs.id).subType })
}

function importedV2(world: World, call: Call): Reply {
  const inputs = readInputs(world, call, v2, [...mandatory, 'typeId', 'typeName'])
  const { typeId, typeName } = inputs
  const { name } = typeOf(typeId)
  if (name !== typeName) throw badRequest(`typeName of type ${typeId} is ${name}`)
  return kept(world, call, { ...inputs, subType: subTypeOf(typeId, inputs.subType) })
}

interface Import {
  title: string
  categoryId: number
  approved: boolean
  id: number
  typeId: number
  subType: LibraryScript['subType']
}

function kept(world: World, call: Call, { title, categoryId, approved, id, typeId, subType }: Import): Reply {
  const account = callerOf(call)
  const { languageId, description, title: known } = entryOf(id)
  const language = languageOf(languageId)
  const content = Buffer.from(contentOf(languageId, known, false)).toString('base64')
  refuseContent(world.store, languageId, content)
  const script = {
    title,
    description,
    typeId,
    typeName: typeOf(typeId).name,
    subType,
    languageId,
    languageName: language.name,
    platform: language.platform,
    category: categoryOf(categoryId),
    severity: 3,
    threshold: 300,
    status: statusOf(account, approved),
    hasParameters: false,
    params: [],
    content,
  }
  return done('Script created from library successfully', { id: keepScript(world, account, script) })
}

function entryOf(id: number): LibraryScript {
  const entry = libraryScripts.find((candidate) => candidate.id === id)
  if (!entry) throw badRequest(`The library has no script ${id}`)
  return entry
}
