/** Names this run, for what is kept in a worker's globals (test/support/stack.ts): `--watch` runs many in one process. */
module.exports = () => {
  process.env.TEST_RUN = `${Date.now()}`;
};
