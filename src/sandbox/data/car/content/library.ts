import type { Subject } from './subjects.ts'

/** 234564 is the one in import_scripts.htm. No call lists the others; their ids are made up. */
const subjects: Readonly<Record<number, Subject>> = {
  234564: [201, 'Detection', 'Find Log4j vulnerable jars', 'Looks into every jar below the given drives.'],
  234565: [201, 'Response', 'Disable Print Spooler', 'Stops the spooler and keeps it from starting again.'],
  234566: [201, 'Response', 'Uninstall Flash Player', 'Removes every installed version of Flash Player.'],
  234571: [202, 'Detection', 'List browser extensions', 'Extensions of Chrome and Edge, by user.'],
  234580: [508, 'Detection', 'Check XZ backdoor', 'Version of liblzma that sshd is linked with.'],
  234581: [508, 'Response', 'Mitigate PwnKit', 'Takes the SUID bit from pkexec.'],
  234590: [509, 'Detection', 'Inventory of Python packages', 'pip list of every interpreter found.'],
  234602: [601, 'Response', 'Turn on FileVault', 'Asks for FileVault at the next login.'],
  234610: [4, 'Detection', 'AIX security fixes', 'Interim fixes that are missing.'],
}

/** The vendor's library. */
export const libraryScripts = Object.entries(subjects).map(
  ([id, [languageId, subType, title, description]]) => ({
    id: Number(id),
    title,
    description,
    languageId,
    subType,
  }),
)
export type LibraryScript = (typeof libraryScripts)[number]
