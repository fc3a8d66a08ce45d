import type { Reply } from './reply.ts'

// Our sentences advise tools by name. One that is withheld on this server is named with the setting, so that nobody
// looks for it in vain.

type WithheldTools = ReadonlyMap<string, string> | undefined

/**
 * A quotation, which holds the words of others and stays as it is; or the name of a tool, unless its setting follows or
 * it is a part of a path or of a file name.
 */
const quotedOrName =
  /"(?:[^"\\]|\\.)*"|(?<![\w/\\.-])(?:car|saq|qualys)_[a-z_]+\b(?![/\\-]|\.\w)(?! is withheld| \(withheld)/g

/** The text with the setting after the first mention of each withheld tool, unless the sentence says it already. */
export function nameWithheld(text: string, withheldTools: WithheldTools): string {
  if (!withheldTools?.size) return text
  const mentioned = new Set<string>()
  return text.replace(quotedOrName, (name) => {
    const setting = withheldTools.get(name)
    if (setting === undefined || mentioned.has(name)) return name
    mentioned.add(name)
    return `${name} (withheld by ${setting})`
  })
}

/** The same for what a reply says besides its rows. The note may be the end of the body, too. */
export function replyWithSettings(reply: Reply, withheldTools: WithheldTools): Reply {
  const { note } = reply
  const summary = nameWithheld(reply.summary, withheldTools)
  if (note === undefined) return { ...reply, summary }
  const named = nameWithheld(note, withheldTools)
  const at = reply.body.lastIndexOf(note)
  const body =
    at === -1 ? reply.body : `${reply.body.slice(0, at)}${named}${reply.body.slice(at + note.length)}`
  return { ...reply, summary, note: named, body }
}
