import type { NotVerified } from '../../contract/index.js';
import {
  type Attributes,
  attributesOf,
  type FileChange,
  isLfsPointer,
  isUnder,
  printable,
  type Tree,
} from '../../git/index.js';
import type { RenderedChange } from '../../render/index.js';

/** Pointers are small; larger files are none. */
const POINTER_BYTES = 1024;

/**
 * What the change touches and whose content is not in the blob that the gate reads: submodules, LFS pointers, and
 * files that a filter or an encoding of .gitattributes turns into something else on checkout. It closes the gate
 * where a target reads it, for then something else would be applied than what was judged.
 */
export async function contentElsewhere(
  files: readonly FileChange[],
  base: Tree,
  result: Tree,
  rendered: RenderedChange,
): Promise<NotVerified[]> {
  const attributes = await attributesOf(result);
  const found = new Map<string, string>();
  for (const { path, after, before } of files) {
    if (after?.mode === 'submodule' || before?.mode === 'submodule') {
      found.set(path, 'it is a submodule, whose files are not in this repository');
    } else if (after !== null && (await isPointer(result, path))) {
      found.set(path, 'it is a Git LFS pointer, and what it points to is not in the clone');
    } else if (after !== null) {
      const conversion = conversionOf(attributes, path);
      if (conversion !== null) found.set(path, conversion);
    }
  }
  if (files.some(isAttributesFile)) {
    // Other attributes change what is checked out of files that the change does not touch.
    const before = await attributesOf(base);
    for (const path of (await result.files()).keys()) {
      const conversion = conversionOf(attributes, path);
      if (conversion !== null && conversion !== conversionOf(before, path)) found.set(path, conversion);
    }
  }
  const items: NotVerified[] = [];
  for (const [path, reason] of found) {
    items.push({ what: printable(path), reason, closes: await isRendered(path, rendered) });
  }
  return items;
}

function isAttributesFile({ path, oldPath }: FileChange): boolean {
  return [path, oldPath].some((one) => one === '.gitattributes' || one?.endsWith('/.gitattributes') === true);
}

async function isPointer(tree: Tree, path: string): Promise<boolean> {
  return (await tree.size(path)) <= POINTER_BYTES && isLfsPointer(await tree.read(path));
}

/** How a checkout makes another content than the blob's, or null. LFS is seen in the blob itself. */
function conversionOf(attributes: Attributes, path: string): string | null {
  const unread = attributes.unread.find((file) => path.startsWith(file.slice(0, -'.gitattributes'.length)));
  if (unread !== undefined)
    return `${printable(unread)}, which may have it converted on checkout, cannot be read`;
  if (!attributes.any) return null;
  const { filter, workingTreeEncoding, ident } = attributes.of(path);
  if (filter !== null && filter !== 'lfs')
    return `.gitattributes has the filter ${printable(filter)} make its content on checkout`;
  if (workingTreeEncoding !== null)
    return `.gitattributes has it written as ${printable(workingTreeEncoding)} on checkout`;
  return ident ? '.gitattributes has $Id$ replaced in it on checkout' : null;
}

async function isRendered(path: string, rendered: RenderedChange): Promise<boolean> {
  const targets = await rendered.targets();
  if (targets.some((target) => isUnder(path, target.path) || isUnder(target.path, path))) return true;
  return (await rendered.targetsReading(path)).length > 0;
}
