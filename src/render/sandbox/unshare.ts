import { existsSync } from 'node:fs';
import { type ProcessResult, runBounded } from './bounded-process.js';
import { LIBRARY_FOLDERS, seesLibraries } from './bubblewrap.js';
import {
  limitedBy,
  RUN_LIMITS,
  type Sandbox,
  type SandboxedRun,
  toolEnvironment,
  workingFolder,
} from './sandbox.js';

/**
 * Makes the same mounts as bubblewrap's on a tmpfs over the stage folder, seen by this mount namespace alone, and
 * enters it. The second `unshare` gives up the first one's user namespace with all its capabilities before the program
 * starts: it runs as nobody, and the kernel refuses new user namespaces to a process in a changed root, so that it
 * cannot get them back. Arguments: stage, tool, folder, scratch bytes, setpriv, unshare, working folder, whether there is a /dev/null, then library
 * folders up to `--`, then further programs, each with its name, up to `--`, then the program's own.
 */
const SCRIPT = `set -eu
stage=$1 tool=$2 folder=$3 scratch=$4 setpriv=$5 unshare=$6 start=$7 null=$8
shift 8
mount --make-rprivate /
mount -t tmpfs -o nosuid,nodev,mode=755,size=1m stage "$stage"
cd "$stage"
mkdir tree tmp
: > tool
mount --bind "$tool" tool
mount -o remount,bind,ro,nosuid,nodev tool
mount --bind "$folder" tree
mount -o remount,bind,ro,nosuid,nodev tree
while [ "$1" != "--" ]; do
  mkdir -p "./$1"
  mount --rbind "$1" "./$1"
  mount -o remount,bind,ro,nosuid,nodev "./$1"
  shift
done
shift
if [ "$null" = yes ]; then
  mkdir dev
  : > dev/null
  mount --bind /dev/null dev/null
fi
while [ "$1" != "--" ]; do
  mkdir -p ./bin
  : > "./bin/$2"
  mount --bind "$1" "./bin/$2"
  mount -o remount,bind,ro,nosuid,nodev "./bin/$2"
  shift 2
done
shift
mount -t tmpfs -o "nosuid,nodev,noexec,mode=1777,size=$scratch" scratch tmp
mount -o remount,bind,ro,nosuid,nodev "$stage"
exec "$setpriv" --no-new-privs -- "$unshare" --user --root="$stage" --wd="$start" -- /tool "$@"
`;

/** Programs of util-linux and a shell that the unshare sandbox is made with. */
export interface UnsharePrograms {
  unshare: string;
  setpriv: string;
  prlimit: string;
  sh: string;
  version: string;
}

/** util-linux's `unshare` to the same effect as bubblewrap, so that a plain Debian or Ubuntu needs nothing installed. */
export class Unshare implements Sandbox {
  readonly kind = 'unshare';
  readonly detail: string;
  readonly #programs: UnsharePrograms;
  readonly #stage: string;
  readonly #libraries: readonly string[];

  /** @param stage an empty folder of ours; it stays empty, what is mounted over it is seen inside only. */
  constructor(programs: UnsharePrograms, stage: string, libraries: readonly string[]) {
    this.#programs = programs;
    this.#stage = stage;
    this.#libraries = libraries;
    this.detail = `${programs.version}${libraries.length > 0 ? ', with the system libraries' : ''}`;
  }

  run(run: SandboxedRun): Promise<ProcessResult> {
    const { unshare, setpriv, prlimit, sh } = this.#programs;
    const { surroundings } = run;
    const libraries = seesLibraries(run)
      ? LIBRARY_FOLDERS.filter((folder) => existsSync(folder))
      : this.#libraries;
    return runBounded(
      [
        ...limitedBy(prlimit),
        unshare,
        '--user',
        '--map-root-user',
        '--',
        // After the new user namespace, which forgets it: the program ends with the gate, also where that is killed.
        setpriv,
        '--pdeathsig',
        'KILL',
        '--',
        unshare,
        '--mount',
        '--net',
        '--pid',
        '--ipc',
        '--uts',
        '--cgroup',
        '--fork',
        '--kill-child=KILL',
        '--',
        sh,
        '-c',
        SCRIPT,
        'sandbox',
        this.#stage,
        run.tool,
        run.folder,
        String(RUN_LIMITS.scratchBytes),
        setpriv,
        unshare,
        workingFolder(run),
        surroundings === undefined ? 'no' : 'yes',
        ...libraries,
        '--',
        ...[...(surroundings?.programs ?? [])].flatMap(([name, path]) => [path, name]),
        '--',
        ...run.args,
      ],
      {
        ...run,
        env: {
          ...toolEnvironment('/tmp'),
          ...Object.fromEntries(surroundings?.environment ?? []),
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        },
      },
    );
  }
}
