import { CASES } from './cases';
import { MotoEngine, motoObstacle } from './run-moto-engine';

/** moto runs no Lambda code, so its engine is asked for everything but tasks. */
const ASKED = CASES.filter(({ tasks }) => !tasks);
const obstacle = motoObstacle();

if (obstacle) test.skip(`moto's engine is not asked: ${obstacle}`, () => {});
else {
  describe("moto's engine", () => {
    let moto: MotoEngine;
    beforeAll(async () => {
      moto = await MotoEngine.start();
    });
    afterAll(() => moto.stop());

    test.each(ASKED.filter(({ moto: deviation }) => !deviation))('agrees: $name', async (each) => {
      expect(await moto.run(each)).toEqual(each.ends);
    });

    const differing = ASKED.filter(({ moto: deviation }) => deviation && !deviation.notRun);
    test.each(differing)('differs: $name ($moto.because)', async (each) => {
      expect(await moto.run(each)).not.toEqual(each.ends);
    });
  });
}
