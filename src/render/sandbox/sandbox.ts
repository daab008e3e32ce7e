import type { SandboxKind } from '../../contract/index.js';
import type { ProcessBounds, ProcessResult } from './bounded-process.js';

/** What a program that the operator has declared needs besides itself; helm and kustomize need nothing. */
export interface RunSurroundings {
  /** Further programs by name: they are in `/bin`, and `/bin` is all of PATH. */
  programs: ReadonlyMap<string, string>;
  /** Variables besides those of every run. Names must not mean anything to a loader or shell. */
  environment: ReadonlyMap<string, string>;
  /** Folder below the inputs to start in; '' for the inputs themselves. */
  workingFolder: string;
}

/** A tool run over one folder of inputs: all that it sees besides itself. */
export interface SandboxedRun extends ProcessBounds {
  /** For a declared program, which also sees the system's libraries and /dev/null. */
  surroundings?: RunSurroundings | undefined;
  /** For a program that is linked dynamically: it sees the system's libraries too. */
  libraries?: boolean | undefined;
  /** Absolute path of the program on this machine. */
  tool: string;
  args: readonly string[];
  /** Absolute path of the folder of inputs; the program's working directory, read-only in a sandbox. */
  folder: string;
}

/** Runs programs on content that nobody trusts. */
export interface Sandbox {
  readonly kind: SandboxKind;
  /** What is in force, or why nothing is, in one line for people. */
  readonly detail: string;
  run(run: SandboxedRun): Promise<ProcessResult>;
}

/** Bounds that every run has besides time and output (facts: rendering untrusted content). */
export const RUN_LIMITS = {
  addressSpaceBytes: 4 * 1024 ** 3,
  cpuSeconds: 20,
  fileBytes: 64 * 1024 ** 2,
  openFiles: 256,
  /** Size of the only folder that can be written, in memory. */
  scratchBytes: 64 * 1024 ** 2,
} as const;

/** `prlimit` with every bound of RUN_LIMITS, before the program it starts. */
export function limitedBy(prlimit: string): string[] {
  return [
    prlimit,
    `--as=${RUN_LIMITS.addressSpaceBytes}`,
    `--cpu=${RUN_LIMITS.cpuSeconds}`,
    `--fsize=${RUN_LIMITS.fileBytes}`,
    `--nofile=${RUN_LIMITS.openFiles}`,
    '--core=0',
    '--',
  ];
}

/**
 * All of the environment that a tool gets. The home folder is the scratch folder, so that no configuration, plugin or
 * repository list of the user is read. Go's collector is kept from running in the tools' short life: their start is
 * most of what a render costs, and that costs a third less so.
 */
export function toolEnvironment(scratch: string): Record<string, string> {
  return {
    HOME: scratch,
    TMPDIR: scratch,
    PATH: '/nonexistent',
    KUBECONFIG: '/nonexistent',
    HELM_PLUGINS: '/nonexistent',
    GOGC: '800',
    GOMEMLIMIT: '300MiB',
    GOTRACEBACK: 'none',
    LC_ALL: 'C',
  };
}

/** Where a run starts, as seen from inside. */
export function workingFolder({ surroundings }: SandboxedRun): string {
  const folder = surroundings?.workingFolder ?? '';
  return folder === '' ? '/tree' : `/tree/${folder}`;
}
