import { LIMITS } from '../../contract/index.js';
import type { ProcessResult } from '../sandbox/bounded-process.js';
import type { RunSurroundings, Sandbox } from '../sandbox/sandbox.js';
import type { Tool, ToolLookup } from '../tools/toolbox.js';
import type { Layout, Workspace } from './workspace.js';

/** What a tool gave: its standard output, or why there is none. `lasting` failures would come again. */
export type ToolOutput =
  | { status: 'done'; stdout: Buffer }
  | { status: 'failed'; reason: string; lasting: boolean };

/** Runs helm and kustomize over files of a tree, in the sandbox, within the limits. */
export class ToolRunner {
  readonly #sandbox: Sandbox;
  readonly #workspace: Workspace;
  readonly #refusal: string | null;
  readonly #signal: AbortSignal | undefined;

  /** @param refusal why nothing may be run (a sandbox is required and there is none), or null */
  constructor(sandbox: Sandbox, workspace: Workspace, refusal: string | null, signal?: AbortSignal) {
    this.#sandbox = sandbox;
    this.#workspace = workspace;
    this.#refusal = refusal;
    this.#signal = signal;
  }

  /**
   * One run.
   * @throws Unresolved when the files cannot be laid out
   */
  async run(
    lookup: ToolLookup,
    args: readonly string[],
    layout: Layout,
    surroundings?: RunSurroundings,
  ): Promise<ToolOutput> {
    if (!('tool' in lookup)) return { status: 'failed', reason: lookup.missing, lasting: false };
    if (this.#refusal !== null) return { status: 'failed', reason: this.#refusal, lasting: false };
    const { tool } = lookup;
    const program = await tool.program();
    if (tool.linkage === 'script' && this.#sandbox.kind !== 'none') {
      const reason = `${tool.name} (${program}) is a script, which cannot be run in the sandbox: name the program that it starts as diff.${tool.name} in the configuration`;
      return { status: 'failed', reason, lasting: false };
    }
    return this.#workspace.with(layout, async (folder) => {
      const result = await this.#sandbox.run({
        tool: program,
        args: [...tool.prefix, ...args],
        folder,
        timeoutMs: LIMITS.renderMs,
        maxOutputBytes: LIMITS.renderBytes,
        surroundings,
        libraries: tool.linkage === 'dynamic',
        ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      });
      return outputOf(tool, result, [folder, this.#workspace.root]);
    });
  }
}

/** How the programs that make a sandbox begin what they have to say (bubblewrap, unshare.ts's script, prlimit). */
const SANDBOX_WORDS = /^(?:bwrap|unshare|setpriv|prlimit|mount|sandbox): /;

function outputOf(tool: Tool, result: ProcessResult, hostPaths: readonly string[]): ToolOutput {
  const failed = (reason: string, lasting = false): ToolOutput => ({ status: 'failed', reason, lasting });
  switch (result.end) {
    case 'timeout':
      return failed(`${tool.name} took longer than ${LIMITS.renderMs / 1000} s`);
    case 'too-much-output':
      return failed(`${tool.name} gave more than ${LIMITS.renderBytes / 1024 ** 2} MiB`);
    case 'killed':
      return failed(`${tool.name} met a limit of CPU time or memory`);
    case 'aborted':
      return failed('the time for rendering was over');
    case 'not-started':
      return failed(`${tool.name} could not be started`);
    case 'exited':
      break;
  }
  if (result.code === 0) return { status: 'done', stdout: result.stdout };
  // 128 + signal, as shells and sandboxes say it; and Go's own word when it cannot get more memory.
  const limited = (result.code ?? 0) > 128 || /out of memory|cannot allocate memory/i.test(result.stderr);
  if (limited) return failed(`${tool.name} met a limit of CPU time or memory`);
  const words = firstWords(result.stderr, hostPaths);
  // What makes the sandbox said it, not the tool: nothing is known of the inputs.
  if (SANDBOX_WORDS.test(result.stderr)) return failed(`${tool.name} could not be started: ${words}`);
  return failed(`${tool.name}: ${words}`, true);
}

/**
 * What tools repeat of their input: patches, configuration, values that do not fit. It may be part of a Secret that
 * nobody has read yet, so nobody could take it out later.
 */
const REPEATED: readonly (readonly [RegExp, string])[] = [
  [/with config: `.*`(?=:|$)/, 'with its configuration'],
  [/\bfrom \[.*\]/, 'from what is written'],
  [/(cannot (?:unmarshal|decode) (?:!!)?\w+) `[^`]*`/g, '$1'],
  [/'[^']*' (does not match pattern|is not valid)/g, 'what is given $1'],
  [/(literal sources) \[.*\]/, '$1'],
  [/(invalid literal source) .*?(?=, expected|$)/g, '$1'],
  [/(couldn't parse env (?:file|line)[^"]*)".*?"/g, '$1'],
  [/"[^"]{60,}"|`[^`]{60,}`/g, '"…"'],
];

/** A tool's error in one line, without this machine's paths and without what it repeats of its input. */
export function firstWords(stderr: string, hostPaths: readonly string[]): string {
  let line = stderr
    .split('\n')
    .filter((candidate) => !/^(level=|W\d{4}|# Warning|Use --debug|\s*$)/.test(candidate))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  for (const [pattern, instead] of REPEATED) line = line.replace(pattern, instead);
  for (const path of hostPaths) line = line.replaceAll(`${path}/`, '').replaceAll(path, '.');
  line = line
    .replaceAll('/tree/', '')
    .replaceAll('/tree', '.')
    .replace(/^(error|Error): /, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
  if (line === '') return 'it failed without a word';
  return line.length > 400 ? `${line.slice(0, 200)} … ${line.slice(-190)}` : line;
}
