/** One kind of case of a suite. */
export interface GroupReport {
  name: string;
  right: number;
  all: number;
  note: string;
}

/** What running a conformance suite gives; `right` of `all` is its last line. */
export interface SuiteReport {
  misses: string[];
  groups: GroupReport[];
  right: number;
  all: number;
}

/** A suite: a folder of cases in, a report out. */
export type Suite = (folder: string) => Promise<SuiteReport>;
