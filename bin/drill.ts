#!/usr/bin/env -S npx tsx
import { main } from '../cli/main';

void main(process.argv);
