import { crlfLines, type FleetOutput, lines, listLines } from '../fleet-output.ts'

// What failed, on all hosts the same way.

export const errors: readonly FleetOutput[] = [
  {
    name: 'a traceback of Python',
    language: 'English',
    code: 1,
    output: (draw) =>
      lines(
        'Traceback (most recent call last):',
        `  File "/tmp/qagent_${draw.hex(8)}/script.py", line 41, in <module>`,
        '    main()',
        `  File "/tmp/qagent_${draw.hex(8)}/script.py", line 27, in main`,
        '    connection = connect(address)',
        `ConnectionRefusedError: [Errno 111] Connection refused: <socket object at 0x7f${draw.hex(10)}>`,
      ),
    odd: [
      { replace: /ConnectionRefusedError.*/, by: "KeyError: 'agentid'", shows: "KeyError: 'agentid'" },
      { replace: 'Errno 111', by: 'Errno 113', shows: '113', usual: '111' },
    ],
  },
  {
    name: 'an error of PowerShell',
    language: 'English',
    code: 1,
    output: (draw) =>
      crlfLines(
        "Get-Item : Cannot find path 'C:\\ProgramData\\Qualys\\QualysAgent\\Log.txt' because it does not exist.",
        `At C:\\Windows\\Temp\\script_${draw.guid()}.ps1:12 char:5`,
        '+     Get-Item $path',
        '+     ~~~~~~~~~~~~~~',
        '    + CategoryInfo          : ObjectNotFound: (C:\\ProgramData\\...\\Log.txt:String) [Get-Item], ItemNotFoundException',
        '    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand',
        `Elapsed: 00:00:${draw.between(10, 59)}.${draw.between(1_000_000, 9_999_999)}`,
      ),
    odd: [
      {
        replace: 'ObjectNotFound',
        by: 'PermissionDenied',
        shows: 'PermissionDenied',
        usual: 'ObjectNotFound',
      },
      { replace: '.ps1:12 ', by: '.ps1:19 ', shows: /\b19\b/ },
    ],
  },
  {
    name: 'an error of PowerShell in German',
    language: 'German',
    code: 1,
    output: (draw) =>
      crlfLines(
        'Get-Service : Es kann kein Dienst mit dem Dienstnamen "QualysAgent" gefunden werden.',
        `In C:\\Windows\\Temp\\${draw.hex(8)}.ps1:3 Zeichen:1`,
        '+ Get-Service QualysAgent',
        '+ ~~~~~~~~~~~~~~~~~~~~~~~',
        '    + CategoryInfo          : ObjectNotFound: (QualysAgent:String) [Get-Service], ServiceCommandException',
        `Dauer: ${draw.between(0, 9)},${draw.between(100, 999)} Sekunden`,
      ),
    odd: [
      {
        replace: /^.*gefunden werden\./,
        by: 'Get-Service : Zugriff verweigert',
        shows: 'Zugriff verweigert',
      },
    ],
  },
  {
    name: 'events of Windows',
    language: 'English',
    output: (draw, host) => {
      const event = (id: number, level: string, message: string): string[] => [
        '',
        ...listLines({
          TimeCreated: `11/${draw.between(1, 28)}/2026 ${draw.between(1, 12)}:${draw.between(10, 59)}:${draw.between(10, 59)} AM`,
          Id: id,
          LevelDisplayName: level,
          RecordId: draw.between(10_000, 900_000),
          MachineName: `${host}.corp.example.com`,
          Message: message,
        }),
      ]
      return crlfLines(
        ...event(7_036, 'Information', 'The Windows Update service entered the running state.'),
        ...event(
          19,
          'Information',
          'Installation Successful: Windows successfully installed the following update: KB5032189',
        ),
      )
    },
    odd: [
      { replace: 'Id               : 19', by: 'Id               : 20', shows: /\b20\b/ },
      { replace: 'KB5032189', by: 'KB5031364', shows: 'KB5031364', usual: 'KB5032189' },
    ],
  },
  {
    name: 'events of Windows in Portuguese',
    language: 'Portuguese',
    output: (draw) => {
      const [year, month, day, time] = draw.dateParts()
      return crlfLines(
        'Nome do Log:   System',
        'Fonte:         Service Control Manager',
        `Data:          ${day}/${month}/${year} ${time}`,
        'Identificação do Evento:7045',
        'Nível:         Informações',
        `Processo:      ${draw.pid()}`,
        'Descrição:     Um serviço foi instalado no sistema: Qualys Cloud Agent',
      )
    },
    odd: [
      {
        replace: 'sistema: Qualys Cloud Agent',
        by: 'sistema: PSEXESVC',
        shows: 'PSEXESVC',
        usual: 'Qualys Cloud Agent',
      },
      { replace: 'Evento:7045', by: 'Evento:7040', shows: '7040', usual: '7045' },
    ],
  },
]
