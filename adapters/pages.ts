/**
 * Everything that the pages of an answer list, in their order.
 * @param pages of a paginator of the SDK, which asks for each when it is reached.
 */
export async function allOf<Page, Item>(
  pages: AsyncIterable<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
}
