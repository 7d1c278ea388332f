import { SCENARIOS } from '../../local/scenarios';
import { WholeDrill } from '../support/whole-drill';

let drill: WholeDrill;
afterEach(() => drill.close());

test.each(Object.values(SCENARIOS).map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
  drill = await WholeDrill.open({ scenario: name });
  const { story, execution } = await drill.run();
  console.log(name, JSON.stringify(story.record.verdict), JSON.stringify(story.record.times), JSON.stringify(story.record.layers), drill.leftovers());
  expect(story.record.verdict?.outcome).toBe(scenario.ends);
  expect(execution.status).toBe(scenario.ends === 'failed' ? 'FAILED' : 'SUCCEEDED');
}, 60_000);
