import { writeFileSync } from 'node:fs';
import { messageOf, UserError } from '../../domain/errors';
import { REPORT_FORMATS, reportKeyOf, type ReportFormat } from '../../domain/names';
import { connected, drillOf, readConfig, targetOf, type CommandContext } from '../command-context';

/** `drill report [drill]`: the stored report, to standard output or a file. */
export async function reportCommand(
  context: CommandContext,
  drillId: string | undefined,
  { target: name, format: given, save }: { target?: string; format?: string; save?: string },
): Promise<void> {
  const format = given ?? (context.options.output === 'json' ? 'json' : 'md');
  if (!Object.hasOwn(REPORT_FORMATS, format))
    throw new UserError(`--format is "${format}"; write one of ${Object.keys(REPORT_FORMATS).join(', ')}.`);
  const target = targetOf(readConfig(context.options.config), name);
  await connected(context, target, async (connection) => {
    const { record } = await drillOf(connection, target, drillId);
    const text = await connection.evidence.get(reportKeyOf(record.target, record.drillId, format as ReportFormat));
    if (text === undefined)
      throw new UserError(`Drill ${record.drillId} has no report yet: it is ${record.phase.replaceAll('-', ' ')}.`);
    if (save === undefined) context.terminal.out(text);
    else saveReport(save, text);
  });
}

function saveReport(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UserError(`--save is "${file}", which cannot be written: ${messageOf(error)}.`);
  }
}
