import type { Action, Confidence, RuleDescription, Severity } from '../../../contract/index.js';
import type { FieldPath, Manifest } from '../../../kubernetes/index.js';
import type { ObjectDifference, TargetDifference } from '../model.js';
import type { World } from '../world.js';

/** One thing that merging will do, as a rule found it in one target. */
export interface Impact {
  /** One line; never a secret's value. */
  message: string;
  /** How to mend it, or how to let it through. */
  help: string;
  /** The object it is about; null where it concerns the target as a whole. */
  object: ObjectDifference | null;
  /** Where the object or its cause stands, if not the object's own manifest. */
  manifest?: Manifest | null;
  /** The field in that manifest. */
  field?: FieldPath;
  /** What tells it from other impacts of the rule on the same object; part of the fingerprint, so never a secret. */
  detail: readonly string[];
  /**
   * What one edit does alike to many objects of a kind: those with an equal cause are one finding. Where it is absent,
   * objects of other names are findings of their own. Part of the fingerprint, so never a secret.
   */
  cause?: readonly string[];
  /** What one edit does alike to objects of any kind and file, which are then one finding; never a secret. */
  edit?: readonly string[];
  /** Where the rule's own do not fit. */
  action?: Action;
  severity?: Severity;
  confidence?: Confidence;
}

/**
 * A rule about what a change does. Rules look at one target at a time, and through the world at what else goes to the
 * same cluster. To add one: a file in this folder, its line in registry.ts, its test and its row in docs/diff.md.
 */
export interface ImpactRule {
  describe: RuleDescription;
  examine(target: TargetDifference, world: World): Impact[];
}
