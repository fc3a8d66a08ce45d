/** A script of the vendor's library. */
export interface LibraryScript {
  id: number
  title: string
  description: string
  languageId: number
  subType: 'Detection' | 'Response'
}

const entry = (
  id: number,
  languageId: number,
  subType: LibraryScript['subType'],
  title: string,
  description: string,
): LibraryScript => ({ id, title, description, languageId, subType })

/** 234564 is the one in import_scripts.htm. No call lists the others; their ids are made up. */
export const libraryScripts: readonly LibraryScript[] = [
  entry(
    234564,
    201,
    'Detection',
    'Find Log4j vulnerable jars',
    'Looks into every jar below the given drives.',
  ),
  entry(
    234565,
    201,
    'Response',
    'Disable Print Spooler',
    'Stops the spooler and keeps it from starting again.',
  ),
  entry(
    234566,
    201,
    'Response',
    'Uninstall Flash Player',
    'Removes every installed version of Flash Player.',
  ),
  entry(234571, 202, 'Detection', 'List browser extensions', 'Extensions of Chrome and Edge, by user.'),
  entry(234580, 508, 'Detection', 'Check XZ backdoor', 'Version of liblzma that sshd is linked with.'),
  entry(234581, 508, 'Response', 'Mitigate PwnKit', 'Takes the SUID bit from pkexec.'),
  entry(234590, 509, 'Detection', 'Inventory of Python packages', 'pip list of every interpreter found.'),
  entry(234602, 601, 'Response', 'Turn on FileVault', 'Asks for FileVault at the next login.'),
  entry(234610, 4, 'Detection', 'AIX security fixes', 'Interim fixes that are missing.'),
]
