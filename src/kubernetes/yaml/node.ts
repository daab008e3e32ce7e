/** One document as it is written, before aliases and merges are expanded. Offsets are UTF-16 units of its text. */
export type Node = ScalarNode | MappingNode | SequenceNode | AliasNode;

export interface ScalarNode {
  kind: 'scalar';
  start: number;
  end: number;
  text: string;
  /** Written without quotes and not as a block: its type follows from the text. */
  plain: boolean;
  /** Long form (`tag:yaml.org,2002:str`), `!` or a local tag; '' when there is none. */
  tag: string;
  /** A JSON literal that needs no resolving (undefined in YAML). */
  literal?: null | boolean | number;
}

export interface MappingNode {
  kind: 'mapping';
  start: number;
  end: number;
  tag: string;
  entries: { key: Node; value: Node }[];
}

export interface SequenceNode {
  kind: 'sequence';
  start: number;
  end: number;
  tag: string;
  items: Node[];
}

export interface AliasNode {
  kind: 'alias';
  start: number;
  end: number;
  target: Node;
}
