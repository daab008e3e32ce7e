import { compileGlobs } from '../../config/index.js';
import { parentOf } from '../inputs/tree-view.js';
import type { Side } from '../targets/side.js';

interface IgnoreRule {
  negated: boolean;
  matches: (path: string) => boolean;
}

/**
 * Which files `.sourceignore` keeps out of a Flux source's artifact (fluxcd/pkg/sourceignore): gitignore's syntax, each
 * file for its folder and below, later rules win.
 */
export async function sourceIgnore(side: Side): Promise<(path: string) => boolean> {
  const rules: IgnoreRule[] = [];
  const files = [...side.view.files.values()]
    .filter(
      (file) =>
        (file.path === '.sourceignore' || file.path.endsWith('/.sourceignore')) && file.mode !== 'symlink',
    )
    .sort((a, b) => a.path.split('/').length - b.path.split('/').length);
  for (const file of files) {
    const content = (await side.view.read(file.path)).toString('utf8');
    rules.push(...ignoreRules(content, parentOf(file.path)));
  }
  if (rules.length === 0) return () => false;
  return (path) => {
    let ignored = false;
    for (const rule of rules) if (rule.matches(path)) ignored = !rule.negated;
    return ignored;
  };
}

/** The rules of one file in gitignore's syntax, for paths from the root of the tree. */
export function ignoreRules(content: string, folder: string): IgnoreRule[] {
  const prefix = folder === '' ? '' : `${escapeGlob(folder)}/`;
  return content.split(/\r?\n/).flatMap((line) => {
    const written = line.replace(/(?<!\\)\s+$/, '');
    if (written === '' || written.startsWith('#')) return [];
    const negated = written.startsWith('!');
    const plain = (negated ? written.slice(1) : written).replace(/[{}]/g, '\\$&');
    const folderOnly = plain.endsWith('/');
    const body = plain.replace(/\/+$/, '');
    // A slash at the start or inside binds the pattern to its folder; otherwise it matches at any level.
    const anchored = body.includes('/');
    const pattern = `${prefix}${anchored ? '' : '**/'}${body.replace(/^\//, '')}`;
    const inside = `${pattern}/**`;
    return [{ negated, matches: compileGlobs(folderOnly ? [inside] : [pattern, inside]) }];
  });
}

function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]{},]/g, '\\$&');
}
