import type { ObjectStore } from '../../domain/ports/object-store';

/** What every object store does; `setup` gives an empty one. */
export function describeObjectStoreContract(name: string, setup: () => Promise<ObjectStore>): void {
  describe(`${name} as an object store`, () => {
    let store: ObjectStore;

    beforeEach(async () => {
      store = await setup();
    });

    test('what was put is got, in any script and from bytes as well', async () => {
      await store.put('drills/a/report.md', 'Größe ✓ 漢字', 'text/markdown');
      await store.put('drills/a/log', new TextEncoder().encode('bytes é'), 'text/plain');
      expect(await store.get('drills/a/report.md')).toBe('Größe ✓ 漢字');
      expect(await store.get('drills/a/log')).toBe('bytes é');
    });

    test('an empty object is there, a missing one is not', async () => {
      await store.put('empty', '', 'text/plain');
      expect(await store.get('empty')).toBe('');
      expect(await store.get('missing')).toBeUndefined();
    });

    test('putting again replaces', async () => {
      await store.put('a', 'one', 'text/plain');
      await store.put('a', 'two', 'text/plain');
      expect(await store.get('a')).toBe('two');
    });

    test('keys below a prefix are listed in order', async () => {
      for (const key of ['b/2', 'a/10', 'a/9', 'a/x y+ü.txt', 'aa']) await store.put(key, key, 'text/plain');
      expect(await store.list('a/')).toEqual(['a/10', 'a/9', 'a/x y+ü.txt']);
      expect(await store.get('a/x y+ü.txt')).toBe('a/x y+ü.txt');
      expect(await store.list('nothing/')).toEqual([]);
    });
  });
}
