import type { BlobSource } from './added-lines.js';
import { printable } from './memory-tree.js';
import type { ObjectStore } from './object-store.js';

/** The blobs of a repository, named in messages by the path of the file that holds them. */
export function blobsOf(store: ObjectStore): BlobSource {
  return {
    read: (file) => store.blob(file.oid, printable(file.path)),
    size: (file) => store.blobSize(file.oid, printable(file.path)),
  };
}
