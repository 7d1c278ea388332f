import { CASES } from './cases';
import { MOTO_DEVIATIONS } from './deviations';
import { motoObstacle } from '../../support/moto';
import { MotoEngine } from './run-moto-engine';

const obstacle = motoObstacle();
const suite = obstacle ? describe.skip : describe;

/** moto runs no Lambda code, so its engine is asked for everything but tasks. */
const asked = CASES.filter(({ tasks }) => !tasks);
const agreeing = asked.filter(({ name }) => !MOTO_DEVIATIONS[name]);
const differing = asked.flatMap((each) => {
  const deviation = MOTO_DEVIATIONS[each.name];
  return deviation ? [{ ...each, ...deviation }] : [];
});

suite(obstacle ? `moto's engine is not asked: ${obstacle}` : "moto's engine", () => {
  let moto: MotoEngine;
  beforeAll(async () => {
    moto = await MotoEngine.start();
  });
  afterAll(() => moto.stop());

  test.each(agreeing)('agrees: $name', async (each) => {
    expect(await moto.run(each)).toEqual(each.ends);
  });

  test.each(differing)('differs: $name ($because; AWS: $rule)', async (each) => {
    expect(await moto.run(each)).not.toEqual(each.ends);
  });

  test('every mark names a case', () => {
    expect(differing.map(({ name }) => name).toSorted()).toEqual(Object.keys(MOTO_DEVIATIONS).toSorted());
  });
});
