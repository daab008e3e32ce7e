import { compileGlobs } from '../../config/index.js';
import { LIMITS, type NotVerified } from '../../contract/index.js';
import { type FileChange, isLfsPointer, isUnder, printable, type Tree } from '../../git/index.js';
import type { RenderedChange } from '../../render/index.js';

/** Pointers and attribute files are small; larger ones are neither. */
const POINTER_BYTES = 1024;

/**
 * What the change touches and whose content is not in the blob that the gate reads: submodules, LFS pointers, and
 * files that a filter or an encoding of .gitattributes turns into something else on checkout. It closes the gate
 * where a target reads it, for then something else would be applied than what was judged.
 */
export async function contentElsewhere(
  files: readonly FileChange[],
  result: Tree,
  rendered: RenderedChange,
): Promise<NotVerified[]> {
  const conversions = await conversionsIn(result);
  const found: { path: string; reason: string }[] = [];
  for (const { path, after, before } of files) {
    if (after?.mode === 'submodule' || before?.mode === 'submodule') {
      found.push({ path, reason: 'it is a submodule, whose files are not in this repository' });
      continue;
    }
    if (after === null) continue;
    const conversion = conversions.find((one) => one.covers(path));
    if (await isPointer(result, path)) {
      found.push({ path, reason: 'it is a Git LFS pointer, and what it points to is not in the clone' });
    } else if (conversion !== undefined) {
      found.push({ path, reason: conversion.reason });
    }
  }
  const items: NotVerified[] = [];
  for (const { path, reason } of found) {
    items.push({ what: printable(path), reason, closes: await isRendered(path, rendered) });
  }
  return items;
}

async function isPointer(tree: Tree, path: string): Promise<boolean> {
  return (await tree.size(path)) <= POINTER_BYTES && isLfsPointer(await tree.read(path));
}

async function isRendered(path: string, rendered: RenderedChange): Promise<boolean> {
  const targets = await rendered.targets();
  if (targets.some((target) => isUnder(path, target.path) || isUnder(target.path, path))) return true;
  return (await rendered.targetsReading(path)).length > 0;
}

interface Conversion {
  covers: (path: string) => boolean;
  reason: string;
}

/** The attributes of a tree that make git write other bytes than the blob's (gitattributes(5)). */
async function conversionsIn(tree: Tree): Promise<Conversion[]> {
  const conversions: Conversion[] = [];
  for (const [path, file] of await tree.files()) {
    if (file.mode === 'submodule' || !(path === '.gitattributes' || path.endsWith('/.gitattributes')))
      continue;
    const folder = path.slice(0, -'.gitattributes'.length);
    if ((await tree.size(path)) > LIMITS.configBytes) {
      conversions.push({
        covers: (changed) => changed.startsWith(folder),
        reason: `${printable(path)} is too large to be read`,
      });
      continue;
    }
    for (const line of (await tree.read(path)).toString('utf8').split('\n')) {
      const conversion = conversionOf(line.trim(), folder, printable(path));
      if (conversion !== null) conversions.push(conversion);
    }
  }
  return conversions;
}

function conversionOf(line: string, folder: string, file: string): Conversion | null {
  if (line === '' || line.startsWith('#')) return null;
  // A quoted pattern, or a macro that others use by name, is taken to cover all of the folder.
  const whole = line.startsWith('"') || line.startsWith('[attr]');
  const [pattern = '', ...attributes] = line.split(/\s+/);
  const converting = attributes.find(
    (one) => /^(?:working-tree-encoding=|ident$)/.test(one) || isFilter(one),
  );
  if (converting === undefined) return null;
  const anchored = pattern.replace(/^\//, '');
  const globs = anchored.includes('/') || pattern.startsWith('/') ? [anchored] : [anchored, `**/${anchored}`];
  const matches = compileGlobs(globs);
  return {
    covers: (path) => path.startsWith(folder) && (whole || matches(path.slice(folder.length))),
    reason: `${file} has it converted on checkout (${printable(converting).slice(0, 60)})`,
  };
}

/** LFS pointers are seen in the blob itself; any other filter may do anything. */
function isFilter(attribute: string): boolean {
  return attribute.startsWith('filter=') && attribute !== 'filter=lfs';
}
