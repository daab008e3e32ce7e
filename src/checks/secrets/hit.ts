import type { Confidence } from '../../contract/index.js';
import type { Encoded } from './decode.js';
import type { RuleSpec } from './rule.js';

/** One secret that a text holds. Offsets are into the text that was scanned, whatever encodings it lies under. */
export interface Hit {
  rule: RuleSpec;
  /** The plain value. */
  value: string;
  start: number;
  end: number;
  confidence: Confidence;
  /** Name that the value is assigned to, where there is one. */
  name: string | null;
  /** Encodings taken off to see it, outermost first. */
  encodings: readonly Encoded['encoding'][];
}
