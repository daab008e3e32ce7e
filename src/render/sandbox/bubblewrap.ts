import { type ProcessResult, runBounded } from './bounded-process.js';
import {
  limitedBy,
  RUN_LIMITS,
  type Sandbox,
  type SandboxedRun,
  toolEnvironment,
  workingFolder,
} from './sandbox.js';

/** Programs that are linked dynamically need the system's libraries; nothing else of the system is ever mounted. */
export const LIBRARY_FOLDERS: readonly string[] = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/nix/store'];

/** Whether a run's program needs the folders of libraries. */
export function seesLibraries({ surroundings, libraries }: SandboxedRun): boolean {
  return surroundings !== undefined || libraries === true;
}

/**
 * bubblewrap: every namespace unshared (no network), no capabilities, an empty environment, the tool and the folder of
 * inputs read-only, a small scratch folder in memory, and nothing else: no /etc, no git, no home.
 */
export class Bubblewrap implements Sandbox {
  readonly kind = 'bubblewrap';
  readonly detail: string;
  readonly #bwrap: string;
  readonly #prlimit: string;
  readonly #libraries: readonly string[];
  readonly #noNamespaces: readonly string[];

  constructor(programs: { bwrap: string; prlimit: string; version: string }, libraries: readonly string[]) {
    // From 0.8 on the program inside can be kept from making user namespaces of its own.
    const version = /(\d+)\.(\d+)/.exec(programs.version);
    const able = version !== null && (Number(version[1]) > 0 || Number(version[2]) >= 8);
    this.#noNamespaces = able ? ['--unshare-user', '--disable-userns'] : [];
    this.#bwrap = programs.bwrap;
    this.#prlimit = programs.prlimit;
    this.#libraries = libraries;
    this.detail = `${programs.version}${libraries.length > 0 ? ', with the system libraries' : ''}`;
  }

  run(run: SandboxedRun): Promise<ProcessResult> {
    const { surroundings } = run;
    const programs = [...(surroundings?.programs ?? [])];
    const variables: [string, string][] = [
      ...Object.entries(toolEnvironment('/tmp')),
      ...(surroundings?.environment ?? []),
      ...(programs.length === 0 ? [] : ([['PATH', '/bin']] as [string, string][])),
    ];
    const environment = variables.flatMap(([name, value]) => ['--setenv', name, value]);
    const mounted = seesLibraries(run) ? LIBRARY_FOLDERS : this.#libraries;
    const libraries = mounted.flatMap((folder) => ['--ro-bind-try', folder, folder]);
    return runBounded(
      [
        ...limitedBy(this.#prlimit),
        this.#bwrap,
        '--unshare-all',
        ...this.#noNamespaces,
        '--die-with-parent',
        '--new-session',
        '--clearenv',
        '--cap-drop',
        'ALL',
        ...environment,
        ...libraries,
        ...(surroundings === undefined ? [] : ['--dev-bind', '/dev/null', '/dev/null']),
        ...programs.flatMap(([name, path]) => ['--ro-bind', path, `/bin/${name}`]),
        '--ro-bind',
        run.tool,
        '/tool',
        '--ro-bind',
        run.folder,
        '/tree',
        '--size',
        String(RUN_LIMITS.scratchBytes),
        '--tmpfs',
        '/tmp',
        '--remount-ro',
        '/',
        '--chdir',
        workingFolder(run),
        '--',
        '/tool',
        ...run.args,
      ],
      run,
    );
  }
}
