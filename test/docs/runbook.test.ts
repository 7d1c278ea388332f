import { document } from '../support/documents';
import { sampleStack } from '../support/stack';

const runbook = document('docs/runbook.md');
const sections = runbook.split(/^## /m).slice(1);
const headings = sections.map((section) => section.split('\n')[0]!);

test('every alarm has its heading in the runbook, and every heading is an alarm', () => {
  const alarms = Object.values(sampleStack().assertions.findResources('AWS::CloudWatch::Alarm'));
  const names = alarms.map(({ Properties }) => (Properties as { AlarmName: string }).AlarmName);
  expect(headings.map((heading) => `cluster-drill: ${heading}`).toSorted()).toEqual(names.toSorted());
});

test.each(sections.map((section, index) => [headings[index]!, section] as const))(
  '"%s" says what it means, where to look first and how to mend it',
  (_, section) => {
    const told = [...section.matchAll(/^\*\*([\w ]+)\.\*\*/gm)].map(([, word]) => word);
    expect(told).toEqual(['Meaning', 'First look', 'Mend']);
  },
);
