import { formatDuration, parseDuration } from '../values/duration.js';
import { formatGoTime, type GoTime, parseGoTime, RFC3339 } from '../values/go-time.js';
import { Args, type JmesFunction } from './arguments.js';

function time(args: Args, index: number, layout = RFC3339): GoTime {
  return (
    parseGoTime(layout, args.string(index)) ?? args.error(`cannot parse "${args.string(index)}" as a time`)
  );
}

function duration(args: Args, index: number): number {
  return parseDuration(args.string(index)) ?? args.error(`invalid duration "${args.string(index)}"`);
}

/** Kyverno's functions on times (pkg/engine/jmespath/time.go); now is the time the verdict is given for. */
export const timeFunctions: Readonly<Record<string, JmesFunction>> = {
  time_now: (_list, { now }) => formatGoTime({ ms: now.getTime(), nanos: 0, offset: 0 }),
  time_now_utc: (_list, { now }) => formatGoTime({ ms: now.getTime(), nanos: 0, offset: 0 }),
  time_since: (list, { now }) => {
    const args = new Args('time_since', list, 3);
    const layout = args.string(0) === '' ? RFC3339 : args.string(0);
    const from = time(args, 1, layout);
    const to = args.string(2) === '' ? { ms: now.getTime(), nanos: 0, offset: 0 } : time(args, 2, layout);
    return formatDuration((to.ms - from.ms) * 1e6);
  },
  time_to_cron: (list) => {
    const at = time(new Args('time_to_cron', list, 1), 0);
    const local = new Date(at.ms + at.offset * 60_000);
    return [
      local.getUTCMinutes(),
      local.getUTCHours(),
      local.getUTCDate(),
      local.getUTCMonth() + 1,
      local.getUTCDay(),
    ].join(' ');
  },
  time_add: (list) => {
    const args = new Args('time_add', list, 2);
    const at = time(args, 0);
    return formatGoTime({ ...at, ms: at.ms + Math.floor(duration(args, 1) / 1e6) });
  },
  time_parse: (list) => {
    const args = new Args('time_parse', list, 2);
    if (/^[+-]?\d+$/.test(args.string(0))) {
      const seconds = /^[+-]?\d{1,12}$/.test(args.string(1))
        ? Number(args.string(1))
        : args.error('not a number');
      return formatGoTime({ ms: seconds * 1000, nanos: 0, offset: 0 });
    }
    return formatGoTime(time(args, 1, args.string(0)));
  },
  time_utc: (list) => formatGoTime({ ...time(new Args('time_utc', list, 1), 0), offset: 0 }),
  time_diff: (list) => {
    const args = new Args('time_diff', list, 2);
    return formatDuration((time(args, 1).ms - time(args, 0).ms) * 1e6);
  },
  time_before: (list) => {
    const args = new Args('time_before', list, 2);
    return time(args, 0).ms < time(args, 1).ms;
  },
  time_after: (list) => {
    const args = new Args('time_after', list, 2);
    return time(args, 0).ms > time(args, 1).ms;
  },
  time_between: (list) => {
    const args = new Args('time_between', list, 3);
    const at = time(args, 0).ms;
    return at > time(args, 1).ms && at < time(args, 2).ms;
  },
  time_truncate: (list) => {
    const args = new Args('time_truncate', list, 2);
    const at = time(args, 0);
    const step = duration(args, 1) / 1e6;
    if (step <= 0) return formatGoTime(at);
    // Go truncates since its zero time, 0001-01-01T00:00:00Z
    const zero = -62_135_596_800_000;
    return formatGoTime({ ...at, ms: at.ms - ((at.ms - zero) % step) });
  },
};
