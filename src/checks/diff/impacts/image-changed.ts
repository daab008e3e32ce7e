import {
  containersOf,
  describeRef,
  type KubernetesObject,
  podTemplatesOf,
} from '../../../kubernetes/index.js';
import type { TargetDifference } from '../model.js';
import type { Impact, ImpactRule } from './impact.js';

interface ImageName {
  repository: string;
  tag: string;
  digest: string;
}

/** Parts of an image reference; registry and repository stand together, with Docker Hub's short names written out. */
export function parseImage(image: string): ImageName {
  const [name = '', digest = ''] = image.split('@', 2);
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  const plain = hasTag ? name.slice(0, colon) : name;
  const first = plain.split('/')[0] ?? '';
  const hasRegistry =
    plain.includes('/') && (first.includes('.') || first.includes(':') || first === 'localhost');
  const repository = hasRegistry ? plain : `docker.io/${plain.includes('/') ? plain : `library/${plain}`}`;
  return { repository, tag: hasTag ? name.slice(colon + 1) : '', digest };
}

function imagesOf(
  object: KubernetesObject,
): Map<string, { image: string; path: readonly (string | number)[] }> {
  const images = new Map<string, { image: string; path: readonly (string | number)[] }>();
  for (const template of podTemplatesOf(object)) {
    for (const { container, path, role } of containersOf(template)) {
      if (typeof container.image !== 'string') continue;
      images.set(`${template.specPath.join('.')}/${role}/${String(container.name)}`, {
        image: container.image,
        path: [...path, 'image'],
      });
    }
  }
  return images;
}

/** True for tags that are given to newer images by habit: none, `latest`, and versions without their last number. */
function isMoving(tag: string): boolean {
  return tag === '' || /^(?:latest|stable|main|master|edge|nightly|v?\d{1,3}(?:\.\d{1,3})?)$/.test(tag);
}

function whatChanged(before: ImageName, after: ImageName): string {
  if (before.repository !== after.repository) return 'another image or registry';
  if (before.tag !== after.tag && before.digest !== '' && after.digest === '')
    return 'another tag, and no digest any more';
  if (before.tag !== after.tag && after.digest === '' && isMoving(after.tag) && !isMoving(before.tag))
    return 'a tag that moves';
  if (before.tag !== after.tag) return 'another tag';
  if (after.digest === '') return 'no digest any more';
  return before.digest === '' ? 'now with a digest' : 'another digest';
}

/** Images that change in running workloads. */
export const imageChanged: ImpactRule = {
  describe: {
    id: 'diff/image-changed',
    title: 'A workload gets another image',
    why: 'Its pods are restarted with other code.',
    help: 'Nothing to do where that is meant.',
    action: 'inform',
    severity: 'notice',
  },
  examine(target: TargetDifference): Impact[] {
    return target.objects.flatMap((object) => {
      if (object.base === null || object.result === null) return [];
      const before = imagesOf(object.base.object);
      return [...imagesOf(object.result.object)].flatMap(([key, { image, path }]): Impact[] => {
        const former = before.get(key)?.image;
        if (former === undefined || former === image) return [];
        const what = whatChanged(parseImage(former), parseImage(image));
        return [
          {
            object,
            field: path,
            severity: what === 'another tag' || what.startsWith('now') ? 'notice' : 'warning',
            message: `${former} becomes ${image} (${what}) in ${describeRef(object.ref)}`,
            help: 'Nothing to do where that is meant.',
            detail: [former, image],
            // One bump of a tag reaches many workloads, most often by one line.
            edit: [former, image],
          },
        ];
      });
    });
  },
};
