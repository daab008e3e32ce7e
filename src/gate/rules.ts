import type { RuleDescription } from '../contract/index.js';
import { CHECKS } from './registry.js';

/** The gate's own rules. */
export function describeRules(): readonly RuleDescription[] {
  return [
    {
      id: 'gate/protected-file',
      title: "A change to the gate's own files",
      why: 'Configuration, keys, exceptions, policies and the workflow that runs the gate decide what the next change may do. Who can change them unseen can switch the gate off first and merge anything after.',
      help: 'An approver who is neither the author nor has a commit in the change approves it. The approval holds for this very content.',
      action: 'approve',
      severity: 'warning',
    },
    {
      id: 'gate/config-invalid',
      title: 'A configuration that would be broken',
      why: 'Merged like this, the gate would close for every change that follows.',
      help: 'Mend the file at the place named; docs/configuration.md lists every key.',
      action: 'fix',
      severity: 'error',
    },
    {
      id: 'gate/config-broken',
      title: "The base's configuration is broken",
      why: 'What the gate should ask for is not known, so it opens for nothing but a change that mends it.',
      help: 'Propose a change that mends the configuration; an approving review opens it.',
      action: 'fix',
      severity: 'error',
    },
    {
      id: 'gate/invisible-character',
      title: 'Characters that nobody sees',
      why: 'Controls, bidirectional overrides and zero-width characters make a file read otherwise to a person than to a program.',
      help: 'Take them out or write them as escapes; an approving review accepts them where they are meant.',
      action: 'approve',
      severity: 'warning',
    },
    {
      id: 'gate/exception-expired',
      title: 'An exception whose day has come',
      why: 'It no longer hides anything: the next change that meets what it hid is refused.',
      help: 'Mend what it hid, or renew it with its reason.',
      action: 'inform',
      severity: 'notice',
    },
    {
      id: 'gate/exception-unused',
      title: 'An exception that matches no file',
      why: 'It hides nothing now, and could hide something later that nobody accepted.',
      help: 'Take it out of the exceptions.',
      action: 'inform',
      severity: 'notice',
    },
  ];
}

/** The rules of the gate and of every check, for `explain`. */
export async function allRules(): Promise<readonly RuleDescription[]> {
  const ofChecks = await Promise.all(CHECKS.map((check) => check.rules()));
  return [...describeRules(), ...ofChecks.flat()];
}
