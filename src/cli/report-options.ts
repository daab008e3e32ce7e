import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { GateError, type Verdict } from '../contract/index.js';
import { FORMAT_NAMES, type FormatName, headline, isFormat, reportWriter, visible } from '../report/index.js';
import { errorCode } from './error-code.js';
import { columns, mayColour, type Terminal, write } from './terminal.js';

/** What `--format` and `--output` say. */
export interface ReportDestination {
  format: FormatName;
  output?: string;
}

/** Adds `--format` and `--output` to a command that answers with a verdict. */
export function withReportOptions(command: Command): Command {
  return command
    .addOption(
      new Option('-f, --format <format>', `one of ${FORMAT_NAMES.join(', ')}`)
        .default('text')
        .argParser((name) => {
          if (isFormat(name)) return name;
          throw new InvalidArgumentError(`It is one of ${FORMAT_NAMES.join(', ')}.`);
        }),
    )
    .option('-o, --output <file>', 'write the report to a file; the headline still goes to the terminal');
}

/** Writes a verdict where and as it was asked for. */
export async function answer(
  verdict: Verdict,
  { format, output }: ReportDestination,
  terminal: Terminal,
): Promise<void> {
  const writer = await reportWriter(format);
  if (output === undefined) {
    const text = writer(verdict, { colour: mayColour(terminal), width: columns(terminal) });
    await write(terminal.stdout, text);
    return;
  }
  await writeOutput(output, writer(verdict, {}));
  await write(terminal.stdout, `${headline(verdict)}; the report is in ${visible(output)}\n`);
}

/** @throws GateError `usage` when the file cannot be written */
export async function writeOutput(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (cause) {
    throw new GateError('usage', `cannot write ${file}: ${errorCode(cause) ?? 'it failed'}`, { cause });
  }
}
