#!/usr/bin/env node
require('./launch.cjs').launch('bin/drill.ts', process.argv.slice(2));
