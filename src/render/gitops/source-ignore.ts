import { Unresolved } from '../inputs/input-set.js';
import { parentOf } from '../inputs/tree-view.js';
import type { Side } from '../targets/side.js';
import { goPathMatch } from './go-path-match.js';

/** One line of an ignore file, for what lies in a folder. */
export interface IgnoreRule {
  /** Segments of the folder that it holds for. */
  domain: readonly string[];
  segments: readonly string[];
  negated: boolean;
  /** It means folders only, and so what lies in them. */
  folders: boolean;
  /** A slash at the start or inside binds it to its folder; otherwise it means a name at any level. */
  anchored: boolean;
}

/** What no source's artifact holds unless a rule takes it in again (fluxcd/pkg/sourceignore NewDefaultMatcher). */
const DEFAULTS = [
  '.git/ .gitignore .gitmodules .gitattributes',
  '*.jpg *.jpeg *.gif *.png *.wmv *.flv *.tar.gz *.zip',
  '.github/ .circleci/ .travis.yml .gitlab-ci.yml appveyor.yml .drone.yml cloudbuild.yaml',
  'codeship-services.yml codeship-steps.yml',
  '**/.goreleaser.yml **/.sops.yaml **/.flux.yaml',
]
  .flatMap((line) => line.split(' '))
  .map((pattern) => ignoreRule(pattern, []));

/**
 * Which files a Flux source keeps out of its artifact (fluxcd/pkg/sourceignore): the defaults, then every
 * `.sourceignore` for its folder and below, then `spec.ignore`; the last rule that matches counts.
 *
 * @param ignore `spec.ignore` of the source
 * @returns the predicate, and the files that were read
 * @throws Unresolved for a `.sourceignore` that cannot be read
 */
export async function sourceIgnore(
  side: Side,
  ignore: string | null,
): Promise<{ isIgnored: (path: string) => boolean; files: readonly string[] }> {
  const rules = [...DEFAULTS];
  const files = [...side.view.files.keys()]
    .filter((path) => path === '.sourceignore' || path.endsWith('/.sourceignore'))
    .sort((a, b) => a.split('/').length - b.split('/').length);
  for (const path of files) {
    const found = side.view.resolve('', path);
    if (found.kind === 'missing') continue;
    if (found.kind !== 'file') throw new Unresolved(`${path} cannot be read`);
    rules.push(...ignoreRules((await side.view.read(found.path)).toString('utf8'), parentOf(path)));
  }
  if (ignore !== null) rules.push(...ignoreRules(ignore, ''));
  rules.reverse();
  return {
    isIgnored: (path) => {
      const segments = path.split('/');
      const rule = rules.find((candidate) => matches(candidate, segments));
      return rule !== undefined && !rule.negated;
    },
    files,
  };
}

/** The rules of a file, for paths from the root of the tree (sourceignore ReadPatterns). */
export function ignoreRules(content: string, folder: string): IgnoreRule[] {
  const domain = folder === '' ? [] : folder.split('/');
  return content
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) => ignoreRule(line, domain));
}

/** go-git's gitignore.ParsePattern: unlike in git, a backslash in front of `!` or `#` is nothing special here. */
function ignoreRule(line: string, domain: readonly string[]): IgnoreRule {
  const negated = line.startsWith('!');
  const written = negated ? line.slice(1) : line;
  const trimmed = written.endsWith('\\ ') ? written : written.replace(/ +$/, '');
  const folders = trimmed.endsWith('/');
  const pattern = folders ? trimmed.slice(0, -1) : trimmed;
  return { domain, segments: pattern.split('/'), negated, folders, anchored: pattern.includes('/') };
}

/** True where a rule matches a file (not a folder) by its segments. */
export function matches(rule: IgnoreRule, path: readonly string[]): boolean {
  const { domain } = rule;
  if (path.length <= domain.length || domain.some((segment, index) => path[index] !== segment)) return false;
  const inside = path.slice(domain.length);
  return rule.anchored ? matchesPath(rule, inside) : matchesName(rule, inside);
}

function matchesName({ segments: [pattern = ''], folders }: IgnoreRule, path: readonly string[]): boolean {
  const at = path.findIndex((name) => goPathMatch(pattern, name) === true);
  return at >= 0 && !(folders && at === path.length - 1);
}

/** gitignore.globMatch: what matches a folder matches what lies in it; `**` takes as few folders as it can. */
function matchesPath({ segments, folders }: IgnoreRule, path: readonly string[]): boolean {
  let [at, matched, anywhere] = [0, false, false];
  for (const [index, pattern] of segments.entries()) {
    if (pattern === '') {
      anywhere = false;
    } else if (pattern === '**') {
      if (index === segments.length - 1) break;
      anywhere = true;
    } else {
      if (pattern.includes('**') || at >= path.length) return false;
      const found = anywhere
        ? path.findIndex((name, position) => position >= at && goPathMatch(pattern, name) === true)
        : goPathMatch(pattern, path[at] ?? '') === true
          ? at
          : -1;
      if (found < 0 && !anywhere) return false;
      matched = found >= 0;
      at = found >= 0 ? found + 1 : path.length;
      anywhere = false;
    }
  }
  return matched && !(folders && at === path.length);
}
